// Waiting for a trace: until it is there and has stopped growing, on a clock the test moves.
import { describe, expect, test } from '@jest/globals';
import { SourceError } from '../../src/sources/source-error.ts';
import type { TraceSource } from '../../src/sources/trace-source.ts';
import { waitForTrace } from '../../src/sources/wait-for-trace.ts';
import { draw, TRACE_ID } from '../trace/draw.ts';
import { sourceErrorOf } from './source-error-of.ts';

const drawn = draw(`
  gateway GET / [server]  |========|
    gateway GET [client]  | ====== |
      auth do [server]    |  ====  |
`).spans;
const http = { 'http.request.method': 'GET' };
const spans = drawn.map((span) => (span.kind === 'CLIENT' ? { ...span, attributes: http } : span));
const database = spans.map((span) => ({ ...span, attributes: { 'db.system.name': 'sqlite' } }));
const failed = spans.map((span) => ({ ...span, status: { code: 'ERROR' as const, message: '' } }));
const missing = new SourceError('ERR_LONGPOLE_TRACE_NOT_FOUND', 'not there');

/** A source whose trace has, at each time, the first `count` spans; 0 is not found. */
function growing(steps: readonly (readonly [atMs: number, count: number | Error])[], of = spans) {
  let now = 0;
  const source: TraceSource = {
    name: 'growing',
    read: async () => {
      const state = steps.findLast(([atMs]) => atMs <= now)?.[1] ?? 0;
      if (state instanceof Error) throw state;
      if (state === 0) throw missing;
      return { traceId: TRACE_ID, spans: of.slice(0, state) };
    },
    list: async function* () {},
  };
  const wait = async (waitMs: number) => {
    const sleep = async (ms: number) => {
      now += ms;
    };
    const trace = await waitForTrace(source, TRACE_ID, { waitMs, clock: () => now, sleep });
    return { spans: trace.spans.length, atMs: now };
  };
  return { wait };
}

describe('waiting', () => {
  test('a whole trace is taken when it has been quiet for a moment', async () => {
    expect(await growing([[0, 3]]).wait(10_000)).toEqual({ spans: 3, atMs: 750 });
  });

  test('a trace that comes later and in pieces', async () => {
    const steps = [
      [0, 0],
      [1_000, 1],
      [1_500, 2],
      [2_000, 3],
    ] as const;
    expect(await growing(steps).wait(10_000)).toEqual({ spans: 3, atMs: 2_750 });
  });

  test('a call without its answer is given more time', async () => {
    const steps = [
      [0, 2],
      [2_500, 3],
    ] as const;
    expect(await growing(steps).wait(10_000)).toEqual({ spans: 3, atMs: 3_250 });
    expect(await growing([[0, 2]]).wait(10_000)).toEqual({ spans: 2, atMs: 3_000 });
  });

  test('a call to a database and one that failed have no answer to wait for', async () => {
    expect(await growing([[0, 2]], database).wait(10_000)).toEqual({ spans: 2, atMs: 750 });
    expect(await growing([[0, 2]], failed).wait(10_000)).toEqual({ spans: 2, atMs: 750 });
  });

  test('when the time is over, what is there', async () => {
    expect(await growing([[0, 2]]).wait(500)).toEqual({ spans: 2, atMs: 500 });
  });

  test('when the time is over and nothing is there, the reason, without the advice to wait', async () => {
    const error = await sourceErrorOf(growing([]).wait(1_000));
    expect(error).toMatchObject({ code: 'ERR_LONGPOLE_TRACE_NOT_FOUND', cause: missing });
    expect(error.message).toMatch(/^Trace 0123\w+ did not arrive in .* within 1 s; it may not be sampled/);
    expect(error.message).not.toContain('--wait');
  });

  test('a backend that is still starting is waited for', async () => {
    const down = new SourceError('ERR_LONGPOLE_SOURCE_UNREACHABLE', 'down');
    const steps = [
      [0, down],
      [1_000, 3],
    ] as const;
    expect(await growing(steps).wait(10_000)).toEqual({ spans: 3, atMs: 1_750 });
    await expect(growing([[0, down]]).wait(1_000)).rejects.toBe(down);
  });

  test('what waiting does not cure is told at once', async () => {
    const bad = new SourceError('ERR_LONGPOLE_SOURCE_TOO_LARGE', 'too large');
    await expect(growing([[0, bad]]).wait(1_000)).rejects.toBe(bad);
  });
});
