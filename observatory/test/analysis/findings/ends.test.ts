// What is missing or late: lost jobs, spans that never came, work after the response, and what sampling takes away.
import { describe, expect, test } from '@jest/globals';
import { diagnose } from '../../../src/analysis/findings/index.ts';
import type { makeSpan } from '../../trace/draw.ts';
import { codesIn, FAILED, LATER, linkTo, sentences, trace } from './sets.ts';

type Part = Parameters<typeof makeSpan>[0];

const root: Part = { id: 'r', service: 'shop', name: 'POST /orders', kind: 'SERVER', endMs: 100 };

describe('lost-job', () => {
  const sent = (letter: string, atMs = 50) =>
    trace(
      letter,
      { ...root, startMs: atMs - 50, endMs: atMs + 50 },
      {
        id: 'p',
        parent: 'r',
        service: 'shop',
        name: 'send mail',
        kind: 'PRODUCER',
        startMs: atMs,
        endMs: atMs + 1,
      },
    );
  const done = (letter: string, from: string, atMs: number) =>
    trace(letter, {
      id: 'j',
      service: 'mailer',
      name: 'process mail',
      kind: 'CONSUMER',
      startMs: atMs,
      endMs: atMs + 5,
      links: [linkTo(from, 'p')],
    });
  const nothingYet = { complete: true };

  test('is a job among others that was not processed in three times their time', () => {
    const set = [sent('a'), done('1', 'a', 5_051), sent('b'), done('2', 'b', 60), sent('c')];
    const at = (ms: number) =>
      sentences('lost-job', set, { nowNs: 1_700_000_000_000_000_000n + BigInt(ms) * 1_000_000n });
    expect(at(15_050)).toEqual([]);
    expect(at(15_051)).toEqual([
      '1 of the jobs of shop · send mail never began: no CONSUMER span is linked to them after 15 000 ms and more, and 2 others were processed.',
    ]);
  });

  test('is not known where no job of its kind has arrived, unless the set is complete', () => {
    expect(sentences('lost-job', [sent('a')], { nowNs: LATER })).toEqual([]);
    expect(sentences('lost-job', [sent('a')], { ...nothingYet, nowNs: LATER })).toHaveLength(1);
    expect(sentences('lost-job', [sent('a')], nothingYet)).toEqual([]);
  });

  test('is not a job that was processed before its producer was read, or in the same trace', () => {
    expect(codesIn(done('1', 'a', 60), sent('a'))).toEqual([]);
    const inside: Part = {
      id: 'j',
      parent: 'p',
      service: 'mailer',
      name: 'process',
      kind: 'CONSUMER',
      startMs: 60,
      endMs: 70,
    };
    const whole = trace(
      'a',
      root,
      { id: 'p', parent: 'r', service: 'shop', kind: 'PRODUCER', startMs: 50, endMs: 51 },
      inside,
    );
    expect(codesIn(whole)).toEqual([]);
  });
});

describe('unfinished-span', () => {
  const child: Part = { id: 'c', parent: 'gone', service: 'shop', name: 'charge', startMs: 10, endMs: 20 };

  test('is the missing parent of own work, when the grace is over', () => {
    const set = [trace('a', root, child), trace('b', { ...root, startMs: 10_099, endMs: 10_100 })];
    expect(sentences('unfinished-span', set)).toEqual([
      'The span of shop above shop · charge never came, in 1 trace: it belongs to shop · POST /orders.',
    ]);
    expect(sentences('unfinished-span', set, { thresholds: { graceMs: 10_001 } })).toEqual([]);
    expect(sentences('unfinished-span', [trace('a', root, child)])).toEqual([]);
  });

  test('may be the root itself', () => {
    expect(sentences('unfinished-span', [trace('a', child)], { nowNs: LATER })).toEqual([
      'The span of shop above shop · charge never came, in 1 trace: the root of its trace is missing.',
    ]);
  });

  test('is not the caller of a SERVER span, which may be traced elsewhere', () => {
    expect(codesIn(trace('a', { ...root, parent: 'browser' }))).toEqual([]);
  });
});

describe('work-after-response', () => {
  const late = (part: Part): Part => ({
    id: 'c',
    parent: 'r',
    service: 'shop',
    name: 'write log',
    startMs: 120,
    endMs: 160,
    ...part,
  });

  test('starts when the response is out, or goes on long after it', () => {
    expect(sentences('work-after-response', [trace('a', root, late({}))])).toEqual([
      'shop · write log runs after POST /orders has answered, up to 60 ms later (1 time).',
    ]);
    expect(codesIn(trace('a', root, late({ startMs: 50, endMs: 201 })))).toEqual(['work-after-response']);
    expect(codesIn(trace('a', root, late({ startMs: 50, endMs: 199 })))).toEqual([]);
    expect(codesIn(trace('a', root, late({ startMs: 104, endMs: 106 })))).toEqual([]);
  });

  test('is not a call that was given up, which fails when the answer is out', () => {
    const call = { kind: 'CLIENT', startMs: 50, endMs: 300 } as const;
    expect(codesIn(trace('a', root, late({ ...call, status: FAILED })))).not.toContain('work-after-response');
    expect(codesIn(trace('a', root, late({ ...call, startMs: 120, status: FAILED })))).toContain(
      'work-after-response',
    );
  });

  test('is what the middleware has marked, the topmost span of it', () => {
    const attributes = { 'longpole.after_response': true };
    const parts = [
      late({ startMs: 101, endMs: 104, attributes }),
      late({ id: 'd', parent: 'c', startMs: 102, endMs: 103, attributes }),
    ];
    expect(diagnose([trace('a', root, ...parts)]).map(({ count }) => count)).toEqual([1]);
  });

  test('is not the work of jobs, of other services, or of a process without requests', () => {
    const job: Part = { ...root, kind: 'CONSUMER' };
    expect(codesIn(trace('a', job, late({})))).toEqual([]);
    expect(codesIn(trace('a', root, late({ service: 'mailer' })))).toEqual([]);
    expect(codesIn(trace('a', { ...root, kind: 'INTERNAL' }, late({})))).toEqual([]);
  });
});

describe('sampling-loses-errors', () => {
  const job = (letter: string, flags: number) =>
    trace(letter, {
      id: 'j',
      service: 'mailer',
      name: 'process mail',
      kind: 'CONSUMER',
      endMs: 5,
      links: [linkTo('f', `p${letter}`, flags)],
    });
  const UNSAMPLED = 0x300;
  const SAMPLED = 0x301;
  const OLD_SDK = 0;

  test('is told of jobs whose requests were not sampled, from three and from a half on', () => {
    const two = [job('1', UNSAMPLED), job('2', UNSAMPLED)];
    expect(codesIn(...two)).toEqual([]);
    const half = [...two, job('3', UNSAMPLED), job('4', SAMPLED), job('5', SAMPLED), job('6', SAMPLED)];
    expect(sentences('sampling-loses-errors', half)).toEqual([
      '3 of 6 jobs of mailer · process mail were ordered by requests that were not sampled (50 %): whether these failed cannot be found out.',
    ]);
    expect(codesIn(...half, job('7', SAMPLED))).toEqual([]);
  });

  test('is not told of links of senders that write no flags', () => {
    expect(codesIn(...[...'12345'].map((letter) => job(letter, OLD_SDK)))).toEqual([]);
  });

  test.each([
    ['ot=th:fd70a3d70a3d7', {}, '1 %', 100],
    ['vendor=x,ot=rv:9b8233f7e3a151;th:c', {}, '25 %', 4],
    ['', { 'sampler.type': 'probabilistic', 'sampler.param': 0.1 }, '10 %', 10],
  ])('is told of an error that was kept by chance: %s %j', (traceState, attributes, share, all) => {
    expect(
      sentences('sampling-loses-errors', [trace('a', { ...root, traceState, attributes, status: FAILED })]),
    ).toEqual([
      `shop · POST /orders keeps ${share} of its traces by chance: 1 error was kept of about ${all}.`,
    ]);
  });

  test.each([
    ['kept for certain', 'ot=th:0', FAILED],
    ['kept with a probability of more than a half', 'ot=th:7', FAILED],
    ['of a sampler that says nothing', 'ot=rv:9b8233f7e3a151', FAILED],
    ['fine', 'ot=th:fd70a', { code: 'UNSET', message: '' } as const],
  ])('is not told of a trace that is %s', (_, traceState, status) => {
    expect(sentences('sampling-loses-errors', [trace('a', { ...root, traceState, status })])).toEqual([]);
  });
});
