// Latency, failures and hanging, as the work of a service meets them.
import { describe, expect, test } from '@jest/globals';
import { Faults } from '../src/faults.ts';
import { ManualClock } from '../src/testing.ts';

function create(random = () => 0.5) {
  const clock = new ManualClock();
  return { clock, faults: new Faults({ service: 'payment', latencyMs: 100, clock, random }) };
}

/** `pending`, `done`, or the name of the error the promise was rejected with. */
async function stateOf(promise: Promise<unknown>): Promise<string> {
  let state = 'pending';
  promise.then(
    () => {
      state = 'done';
    },
    (error: Error) => {
      state = error.name;
    },
  );
  await new Promise((resolve) => setImmediate(resolve));
  return state;
}

describe('work', () => {
  test('takes the latency', async () => {
    const { clock, faults } = create();
    const work = faults.work();
    clock.advance(99);
    expect(await stateOf(work)).toBe('pending');
    clock.advance(1);
    expect(await stateOf(work)).toBe('done');
  });

  test('takes the extra latency on top', async () => {
    const { clock, faults } = create();
    faults.replace({ extraLatencyMs: 50 });
    const work = faults.work();
    clock.advance(149);
    expect(await stateOf(work)).toBe('pending');
    clock.advance(1);
    expect(await stateOf(work)).toBe('done');
  });

  test('counts what the service has taken already, down to nothing', async () => {
    const { clock, faults } = create();
    const work = faults.work(undefined, 40);
    clock.advance(59);
    expect(await stateOf(work)).toBe('pending');
    clock.advance(1);
    expect(await stateOf(work)).toBe('done');
    expect(await stateOf(faults.work(undefined, 500))).toBe('done');
  });

  test.each([
    [0, 'done'],
    [0.5, 'done'],
    [0.51, 'Problem'],
    [1, 'Problem'],
  ])('at a failure rate of %d and a draw of 0.5 is %s', async (failureRate, outcome) => {
    const { clock, faults } = create();
    faults.replace({ failureRate, latencyMs: 0 });
    const work = faults.work();
    clock.advance(0);
    expect(await stateOf(work)).toBe(outcome);
  });

  test('hangs until the fault is taken back, then takes its latency', async () => {
    const { clock, faults } = create();
    faults.replace({ hang: true });
    const work = faults.work();
    clock.advance(1_000_000);
    faults.replace({ hang: true, latencyMs: 5 });
    expect(await stateOf(work)).toBe('pending');
    faults.replace({});
    await new Promise((resolve) => setImmediate(resolve));
    expect(clock.sleeping).toBe(1);
    clock.advance(100);
    expect(await stateOf(work)).toBe('done');
  });

  test.each(['hanging', 'sleeping', 'before it began'])(
    'ends when the caller goes away while %s',
    async (when) => {
      const { clock, faults } = create();
      const gone = new AbortController();
      if (when === 'hanging') faults.replace({ hang: true });
      if (when === 'before it began') gone.abort();
      const work = faults.work(gone.signal);
      gone.abort();
      expect(await stateOf(work)).toBe('AbortError');
      expect(clock.sleeping).toBe(0);
    },
  );
});

describe('replace', () => {
  test('gives what is left out its start value', () => {
    const { faults } = create();
    faults.replace({ latencyMs: 1, hang: true });
    expect(faults.replace({ failureRate: 0.1 })).toEqual({
      latencyMs: 100,
      extraLatencyMs: 0,
      failureRate: 0.1,
      hang: false,
      mistake: null,
      fault: null,
    });
  });
});
