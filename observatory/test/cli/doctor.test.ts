// What `longpole doctor` makes of the time at which it is asked, and of more than it has room for.
import { describe, expect, test } from '@jest/globals';
import type { DoctorJson } from '../../src/cli/doctor/diagnosis.ts';
import type { Span } from '../../src/trace/span.ts';
import { spansToOtlpJson } from '../../src/wire/otlp-json.ts';
import { makeSpan } from '../trace/draw.ts';
import { runLongpole } from './fake-terminal.ts';

async function ask(spans: readonly Span[], now: number, ...args: string[]) {
  const stdin = JSON.stringify(spansToOtlpJson(spans));
  const { out, err } = await runLongpole(['doctor', '-', '--json', ...args], { stdin, now });
  return { err, ...(JSON.parse(out) as DoctorJson) };
}

const idOf = (digit: string) => digit.repeat(32);

describe('a job that nobody takes', () => {
  const job = (digit: string, takenMs?: number): Span[] => {
    const sent = makeSpan({ id: 's', traceId: idOf(digit), kind: 'PRODUCER', name: 'send', endMs: 2 });
    if (takenMs === undefined) return [sent];
    const link = { traceId: sent.traceId, spanId: sent.spanId, flags: 0x301, attributes: {} };
    const links = [{ ...link, traceState: '', droppedAttributesCount: 0 }];
    const taken = { startMs: takenMs, endMs: takenMs + 1 };
    return [
      sent,
      makeSpan({ id: 't', traceId: idOf(`${Number(digit) + 1}`), kind: 'CONSUMER', links, ...taken }),
    ];
  };
  const spans = [...job('1', 5), ...job('3')];
  const sentAt = Number((spans[0] as Span).endNs / 1_000_000n);

  test('is lost once it has waited too long by the clock, though no trace came after it', async () => {
    const { findings } = await ask(spans, sentAt + 10_500);
    expect(findings.map(({ code, traceIds }) => [code, traceIds])).toEqual([['lost-job', [idOf('3')]]]);
  });

  test('may still be taken before', async () => {
    expect((await ask(spans, sentAt + 9_000)).findings).toEqual([]);
  });
});

test('what there was no room for is a warning with its number', async () => {
  const jobs = Array.from({ length: 50_003 }, (_, i) => {
    return makeSpan({ id: i.toString(36), kind: 'PRODUCER', name: 'send' });
  });
  const { err, warnings, findings } = await ask(jobs, 4e12, '--only', 'lost-job', '--complete');
  const said =
    'lost-job: 3 jobs were not judged: the doctor keeps 50 000 of them; look at fewer traces at once.';
  expect(findings.map(({ count }) => count)).toEqual([50_000]);
  expect(warnings).toEqual([said]);
  expect(err).toBe(`warning: ${said}\n`);
});
