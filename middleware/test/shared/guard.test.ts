// Errors of tracing itself are counted and told to diag once, and never reach the application.

import { afterEach, describe, expect, it } from '@jest/globals';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { guarded, reportFault } from '../../src/shared/guard.ts';
import { sharedState } from '../../src/shared/state.ts';
import { within } from '../../src/shared/within.ts';

afterEach(() => {
  diag.disable();
});

describe('guarded', () => {
  it('passes arguments on and keeps what is thrown, counting it', () => {
    const seen: unknown[] = [];
    const listener = guarded('a test listener', (a: number, b: string) => {
      seen.push(a, b);
      throw new Error('inside');
    });
    const before = sharedState().faults;
    listener(1, 'b');
    listener(2, 'c');
    expect(seen).toEqual([1, 'b', 2, 'c']);
    expect(sharedState().faults - before).toBe(2);
  });

  it('tells diag of the first fault of a kind only', () => {
    const told: unknown[] = [];
    const silent = (): void => {};
    diag.setLogger(
      {
        error: (...args) => void told.push(args),
        warn: silent,
        info: silent,
        debug: silent,
        verbose: silent,
      },
      { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true },
    );
    for (let i = 0; i < 3; i += 1) reportFault('a kind of its own', new Error('x'));
    expect(told).toHaveLength(1);
  });
});

describe('within', () => {
  it('resolves with the work, with its failure, or at the deadline', async () => {
    const start = performance.now();
    await within(60_000, Promise.resolve('done'));
    await within(60_000, Promise.reject(new Error('failed')));
    expect(performance.now() - start).toBeLessThan(1000);
    await within(10, new Promise(() => {}));
  });
});
