// The proof itself: it holds for what is so, fails for what is not, and says which row there is not.

import { afterEach, describe, expect, test } from '@jest/globals';
import { MISTAKES, SERVICE_FAULTS } from '../src/fault-command.ts';
import type { Finding, RouteVerdict } from '../src/prove/ask-longpole.ts';
import { judge } from '../src/prove/judge.ts';
import { ROWS, type Row } from '../src/prove/rows.ts';
import { runProve } from '../src/prove/run-prove.ts';
import { GUARD, ROOT } from './running-services.ts';

const PAYMENT = { service: 'payment', operation: 'authorize with acquirer' };
const SOUND: Row = { name: 'nothing', faults: {}, bottleneck: PAYMENT };
const NOISY: Row = { ...SOUND, name: 'noise', finding: { code: 'noise', service: 'payment' } };
const STATUSES = [201, 201, 201];
const stops: AbortController[] = [];

afterEach(() => {
  for (const stop of stops.splice(0)) stop.abort();
});

function verdict(change: Partial<RouteVerdict> = {}): RouteVerdict {
  return { ...PAYMENT, traces: 3, share: 0.8, bottleneckShare: 1, ...change };
}

function finding(code: string, ...services: string[]): Finding {
  return { code, services, sentence: `${code} is so.` };
}

describe('a row', () => {
  test('holds when the verdict is its bottleneck and its finding', () => {
    expect(judge(SOUND, { statuses: STATUSES, verdict: verdict(), findings: [] })).toEqual([]);
    const findings = [finding('noise', 'auth'), finding('noise', 'payment')];
    expect(judge(NOISY, { statuses: STATUSES, verdict: verdict(), findings })).toEqual([]);
  });

  test.each<[string, Row, Partial<Parameters<typeof judge>[1]>, string]>([
    [
      'another bottleneck',
      SOUND,
      { verdict: verdict({ service: 'auth' }) },
      'the bottleneck is auth · authorize with acquirer instead of payment · authorize with acquirer',
    ],
    ['no verdict', SOUND, { verdict: undefined }, 'there is no verdict on the route'],
    [
      'a verdict on some of the checkouts',
      SOUND,
      { verdict: verdict({ traces: 2 }) },
      'the verdict is on 2 traces instead of 3',
    ],
    [
      'a verdict that many traces deny',
      SOUND,
      { verdict: verdict({ bottleneckShare: 0.6 }) },
      'it holds up only 60 % of the checkouts',
    ],
    [
      'a finding too many',
      SOUND,
      { findings: [finding('noise', 'auth')] },
      'a finding too many: noise: noise is so.',
    ],
    ['a finding too few', NOISY, {}, 'there is no finding noise'],
    [
      'a finding on somebody else',
      NOISY,
      { findings: [finding('noise', 'auth')] },
      'noise names auth instead of payment',
    ],
    [
      'checkouts that fail',
      SOUND,
      { statuses: [201, 503, 503] },
      '2 of 3 checkouts ended with 503 instead of 201',
    ],
  ])('does not hold with %s', (_what, row, change, complaint) => {
    expect(judge(row, { statuses: STATUSES, verdict: verdict(), findings: [], ...change })).toEqual([
      complaint,
    ]);
  });
});

test('every fault and every mistake of the demo has a row, and latency one for each service', () => {
  const switched = ROWS.flatMap(({ faults }) =>
    Object.entries(faults).flatMap(([service, state]) =>
      Object.entries(state).map(([field, value]) =>
        field === 'mistake' || field === 'fault' ? String(value) : `${service} ${field}`,
      ),
    ),
  );
  expect(switched).toEqual(
    expect.arrayContaining([
      ...Object.keys(MISTAKES),
      ...Object.keys(SERVICE_FAULTS),
      ...['gateway', 'auth', 'inventory', 'payment', 'notify'].map((service) => `${service} latencyMs`),
    ]),
  );
});

/** Runs it in this process, the mesh as real processes. */
async function prove(args: readonly string[], rows: readonly Row[]) {
  const [stop, kill] = [new AbortController(), new AbortController()];
  stops.push(stop);
  const written = { out: '', err: '' };
  const exitCode = await runProve({
    args,
    rows,
    checkouts: 3,
    root: ROOT,
    guard: GUARD,
    isBuilt: false,
    environment: { ...process.env, PAYMENT_LATENCY_MS: '1', OTEL_TRACES_EXPORTER: 'none' },
    terminal: {
      out: (text) => {
        written.out += text;
      },
      err: (text) => {
        written.err += text;
      },
      isInteractive: false,
    },
    stop: stop.signal,
    kill: kill.signal,
  });
  return { exitCode, ...written };
}

describe('npm run prove', () => {
  test('ticks what holds, says what is wrong with what does not, and ends with 1', async () => {
    const wrong: Row = { ...SOUND, name: 'a wrong idea', finding: { code: 'n-plus-one', service: 'auth' } };
    const { exitCode, out, err } = await prove([], [SOUND, wrong]);
    expect(err).toBe('');
    expect(out).toMatch(/^✓ nothing {7}payment · authorize with acquirer \d\d % +no findings$/m);
    expect(out).toMatch(/^✗ a wrong idea {2}payment.*\n {4}there is no finding n-plus-one$/m);
    expect(out).toMatch(/^Rows: 1 passed, 1 failed, 2 total, in \d+ s$/m);
    expect(exitCode).toBe(1);
  }, 60_000);

  test('ends with 0 when all rows that were asked for hold', async () => {
    const { exitCode, out } = await prove(['swallowed'], ROWS);
    expect(out).toMatch(/^✓ payment swallowed-error .* swallowed-error$/m);
    expect(out).toContain('Rows: 1 passed, 0 failed, 1 total');
    expect(exitCode).toBe(0);
  }, 60_000);

  test('names the rows when there is none like the one asked for', async () => {
    const { exitCode, err } = await prove(['payment hnag'], ROWS);
    expect(err).toBe('There is no row "payment hnag". Did you mean "payment hang"?\n');
    expect(exitCode).toBe(2);
  });
});
