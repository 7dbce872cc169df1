// What a route does beside collecting and sending: it has its exporter prepare itself in time.

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { makeRoute } from '../../src/start/routes.ts';
import { SpanQueue } from '../../src/start/span-queue.ts';
import { ScriptedExporter } from './support/scripted-exporter.ts';

class PreparedExporter extends ScriptedExporter {
  prepared = 0;
  prepare(): void {
    this.prepared += 1;
    throw new Error('its modules are gone');
  }
}

describe('the exporter of a route', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is prepared once, after the application has begun and before the first batch is due, and may fail', () => {
    const exporter = new PreparedExporter();
    makeRoute({ shipping: { exporter, queue: () => new SpanQueue() }, destination: 'here' }, 1000, () => {});
    expect(exporter.prepared).toBe(0);
    jest.advanceTimersByTime(999);
    expect(exporter.prepared).toBe(1);
    jest.advanceTimersByTime(60_000);
    expect(exporter.prepared).toBe(1);
    expect(exporter.batches).toHaveLength(0);
  });

  it('need not have anything to prepare', () => {
    const shipping = { exporter: new ScriptedExporter(), queue: () => new SpanQueue() };
    makeRoute({ shipping, destination: 'here' }, 1000, () => {});
    expect(() => jest.advanceTimersByTime(999)).not.toThrow();
  });
});
