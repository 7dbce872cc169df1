// How long the exporter leaves a failing backend alone.

import { describe, expect, it } from '@jest/globals';
import { Backoff } from '../../src/start/backoff.ts';

const busy = (retryAfterMs?: number) => ({ kind: 'retry', cause: 'http_503', retryAfterMs }) as const;
const refused = { kind: 'retry', cause: 'ECONNREFUSED', retryAfterMs: undefined } as const;

describe('pauses between exports', () => {
  it('double up to five seconds and end with a success', () => {
    const backoff = new Backoff(() => 0.5);
    const pauses = Array.from({ length: 6 }, () => {
      backoff.failed(refused);
      return backoff.pauseMs;
    });
    expect(pauses).toEqual([500, 1000, 2000, 4000, 5000, 5000]);
    expect(backoff.isWaiting).toBe(true);
    backoff.succeeded();
    expect([backoff.pauseMs, backoff.isWaiting]).toEqual([0, false]);
  });

  it.each([
    [0, 400],
    [1, 600],
  ])('have a jitter of a fifth: random %p gives %p ms', (random, pauseMs) => {
    const backoff = new Backoff(() => random);
    backoff.failed(refused);
    expect(backoff.pauseMs).toBeCloseTo(pauseMs);
  });

  it('follow Retry-After when it asks for more, but not for hours', () => {
    const backoff = new Backoff(() => 0.5);
    backoff.failed(busy(20_000));
    expect(backoff.pauseMs).toBe(20_000);
    backoff.failed(busy(86_400_000));
    expect(backoff.pauseMs).toBe(300_000);
    backoff.succeeded();
    backoff.failed(busy(0));
    expect(backoff.pauseMs).toBe(500);
  });
});

describe('pauses while somebody waits for a flush', () => {
  it('are short, and end after three tries where nobody listens', () => {
    const backoff = new Backoff(() => 0.5);
    backoff.restartForFlush();
    const pauses = Array.from({ length: 3 }, () => {
      backoff.failed(refused);
      return backoff.pauseInFlushMs();
    });
    expect(pauses).toEqual([100, 200, undefined]);
  });

  it('go on where a backend answers that it is busy', () => {
    const backoff = new Backoff(() => 0.5);
    backoff.restartForFlush();
    const pauses = Array.from({ length: 6 }, () => {
      backoff.failed(busy());
      return backoff.pauseInFlushMs();
    });
    expect(pauses).toEqual([100, 200, 400, 800, 1000, 1000]);
    backoff.failed(busy(3000));
    expect(backoff.pauseInFlushMs()).toBe(3000);
  });
});
