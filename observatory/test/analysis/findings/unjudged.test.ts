// What the doctor had no room for is counted and said.
import { describe, expect, test } from '@jest/globals';
import type { TraceAnalysis } from '../../../src/analysis/analyze-trace.ts';
import { createDoctor, type FindingCode } from '../../../src/analysis/findings/index.ts';
import { MAX_PENDING } from '../../../src/analysis/findings/pending.ts';
import type { makeSpan } from '../../trace/draw.ts';
import { http, LATER, linkTo, trace } from './sets.ts';

type Part = Parameters<typeof makeSpan>[0];

const MORE = 7;

/** As many spans as there is room for, and {@link MORE}, half of them in each of two traces. */
function many(part: (i: number) => Part): TraceAnalysis[] {
  const half = MAX_PENDING / 2;
  const parts = (from: number, to: number): Part[] =>
    Array.from({ length: to - from }, (_, i) => ({
      id: (from + i).toString(36),
      startMs: from + i,
      ...part(from + i),
    }));
  return [trace('a', ...parts(0, half)), trace('b', ...parts(half, MAX_PENDING + MORE))];
}

function ask(only: FindingCode, analyses: readonly TraceAnalysis[]) {
  const doctor = createDoctor({ only: [only], complete: true, nowNs: LATER });
  for (const analysis of analyses) doctor.add(analysis);
  const findings = doctor.finish();
  return { count: findings.reduce((sum, one) => sum + one.count, 0), unjudged: doctor.unjudged() };
}

describe('more than there is room for', () => {
  test('jobs', () => {
    const { count, unjudged } = ask(
      'lost-job',
      many(() => ({ kind: 'PRODUCER', name: 'send' })),
    );
    expect(count).toBe(MAX_PENDING);
    expect(unjudged).toEqual([
      'lost-job: 7 jobs were not judged: the doctor keeps 50 000 of them; look at fewer traces at once.',
    ]);
  });

  test('calls without an answer', () => {
    const attributes = http('GET', 200, { 'service.peer.name': 'nobody' });
    const { unjudged } = ask(
      'broken-propagation',
      many(() => ({ kind: 'CLIENT', attributes })),
    );
    expect(unjudged).toEqual([expect.stringMatching(/^broken-propagation: 7 calls without an answer were/)]);
  });

  test('answers without a call', () => {
    const { unjudged } = ask(
      'broken-propagation',
      many(() => ({ kind: 'SERVER' })),
    );
    expect(unjudged).toEqual([expect.stringMatching(/^broken-propagation: 7 answers without a call were/)]);
  });
});

test('nothing is said when everything was judged', () => {
  const job = { id: 'j', kind: 'CONSUMER', links: [linkTo('a', 'p')] } as const;
  const sent = { id: 'p', kind: 'PRODUCER' } as const;
  expect(ask('lost-job', [trace('a', sent), trace('b', job)])).toEqual({ count: 0, unjudged: [] });
});
