// What the store keeps: every span once, in any order, within its limits, with exact counts.
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { StoreError, type TraceStore } from '../../src/store/index.ts';
import { type SpanSeed, spanIdOf, T0, traceIdOf } from '../receiver/readable-span.ts';
import { closeStores, openStore, records } from './records.ts';

afterEach(closeStores);

function span(trace: number, id: number, more: Partial<SpanSeed> = {}): SpanSeed {
  return { traceId: traceIdOf(trace), spanId: spanIdOf(id), ...more };
}

function spanIds(store: TraceStore, trace: number): string[] {
  return (store.trace(traceIdOf(trace))?.spans ?? [])
    .map((one) => `${one.service}/${one.kind}/${one.spanId}`)
    .sort();
}

describe('adding spans', () => {
  it('puts the spans of one trace together, whoever sent them and when', () => {
    const store = openStore();
    store.add(records(span(1, 2, { service: 'auth' })));
    store.add(records(span(2, 9)));
    store.add(records(span(1, 1, { service: 'gateway' }), span(1, 3, { service: 'payment' })));
    expect(
      store
        .trace(traceIdOf(1))
        ?.spans.map((one) => one.service)
        .sort(),
    ).toEqual(['auth', 'gateway', 'payment']);
    expect(store.stats()).toMatchObject({ traces: 2, spans: 4, duplicates: 0 });
  });

  it('is the same trace in whatever order and with whatever repetitions its spans arrive', () => {
    const seeds = Array.from({ length: 12 }, (_, id) =>
      span(1, id + 1, { service: `s${id % 3}`, kind: id % 4 }),
    );
    const expected = openStore();
    expected.add(records(...seeds));
    const deliveries = fc.array(fc.array(fc.constantFrom(...seeds), { minLength: 1, maxLength: 6 }), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(deliveries, fc.shuffledSubarray(seeds, { minLength: seeds.length }), (some, all) => {
        const store = openStore();
        let received = 0;
        for (const batch of [...some, all]) {
          store.add(records(...batch));
          received += batch.length;
        }
        expect(store.trace(traceIdOf(1))).toEqual(expected.trace(traceIdOf(1)));
        const stats = store.stats();
        expect(stats.spans).toBe(seeds.length);
        expect(stats.duplicates).toBe(received - seeds.length);
        store.close();
      }),
      { numRuns: 40 },
    );
  });

  it('takes a span that is sent again as a duplicate, and one of another service or kind as another span', () => {
    const store = openStore();
    const once = span(1, 1, { service: 'a', kind: 1 });
    expect(store.add(records(once, once))).toMatchObject({ stored: 1, duplicates: 1 });
    expect(store.add(records(once))).toMatchObject({ stored: 0, duplicates: 1 });
    expect(store.add(records({ ...once, kind: 2 }, { ...once, service: 'b' }))).toMatchObject({ stored: 2 });
    expect(spanIds(store, 1)).toEqual([
      `a/CLIENT/${spanIdOf(1)}`,
      `a/SERVER/${spanIdOf(1)}`,
      `b/SERVER/${spanIdOf(1)}`,
    ]);
  });

  it('keeps the first of two spans with the same identity', () => {
    const store = openStore();
    store.add(records(span(1, 1, { name: 'first' })));
    store.add(records(span(1, 1, { name: 'second' })));
    expect(store.trace(traceIdOf(1))?.spans.map((one) => one.name)).toEqual(['first']);
    expect(store.operations('shop')).toEqual([{ name: 'first', kind: 2 }]);
  });

  it('keeps hostile texts as they are', () => {
    const hostile = [
      "'; DROP TABLE spans; --",
      '<script>alert(1)</script>',
      '\u0000\u001b[31m',
      '\u202eabc',
      '__proto__',
      '𝒳'.repeat(50_000),
    ];
    const store = openStore();
    for (const [at, text] of hostile.entries()) {
      store.add(records(span(at, 1, { name: text, service: text, attributes: { [text]: text } })));
      const [kept] = store.trace(traceIdOf(at))?.spans ?? [];
      expect([kept?.name, kept?.service]).toEqual([text, text]);
      expect(Object.entries(kept?.attributes ?? {})).toEqual([[text, text]]);
    }
    expect(store.services()).toEqual([...hostile].sort());
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('knows no trace that was not sent', () => {
    const store = openStore();
    expect(store.trace(traceIdOf(1))).toBeUndefined();
    expect(store.services()).toEqual([]);
    expect(store.operations('shop')).toEqual([]);
    expect(store.newest(5)).toEqual([]);
  });
});

describe('the limit of traces', () => {
  it('evicts exactly as many of the longest quiet traces as are too many', () => {
    const store = openStore({ maxTraces: 3 });
    for (const trace of [1, 2, 3, 4, 5]) store.add(records(span(trace, 1), span(trace, 2)));
    expect([1, 2, 3, 4, 5].filter((trace) => store.trace(traceIdOf(trace)) !== undefined)).toEqual([3, 4, 5]);
    expect(store.stats()).toMatchObject({ traces: 3, spans: 6, evictedTraces: 2, evictedSpans: 4 });
  });

  it('counts a trace as new again when a span arrives for it', () => {
    const store = openStore({ maxTraces: 2 });
    store.add(records(span(1, 1)));
    store.add(records(span(2, 1)));
    store.add(records(span(1, 2)));
    store.add(records(span(3, 1)));
    expect(spanIds(store, 1)).toHaveLength(2);
    expect(store.trace(traceIdOf(2))).toBeUndefined();
  });

  it('holds when one request has more traces than fit', () => {
    const store = openStore({ maxTraces: 10 });
    store.add(records(...Array.from({ length: 25 }, (_, trace) => span(trace, 1))));
    expect(store.stats()).toMatchObject({ traces: 10, spans: 10, evictedTraces: 15, evictedSpans: 15 });
    expect(store.newest(1)[0]?.traceId).toBe(traceIdOf(24));
  });

  it('forgets the names that only evicted traces had', () => {
    const store = openStore({ maxTraces: 1 });
    store.add(records(span(1, 1, { service: 'old', name: 'gone' })));
    const { bytes } = store.stats();
    store.add(records(span(2, 1, { service: 'new', name: 'here' })));
    expect(store.services()).toEqual(['new']);
    expect(store.operations('old')).toEqual([]);
    expect(store.stats().bytes).toBe(bytes);
  });

  it('stores what comes too late for an evicted trace, and counts it', () => {
    const store = openStore({ maxTraces: 1 });
    store.add(records(span(1, 1)));
    store.add(records(span(2, 1)));
    expect(store.add(records(span(1, 2), span(1, 3)))).toMatchObject({ stored: 2, late: 2 });
    expect(spanIds(store, 1)).toHaveLength(2);
    expect(store.stats()).toMatchObject({ late: 2, evictedTraces: 2 });
  });

  it('accounts for every span at any time', () => {
    const step = fc.array(fc.tuple(fc.nat(8), fc.nat(5)), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), fc.integer({ min: 1, max: 4 }), (steps, maxTraces) => {
        const store = openStore({ maxTraces, maxSpansPerTrace: 3 });
        let received = 0;
        for (const batch of steps) {
          store.add(records(...batch.map(([trace, id]) => span(trace, id + 1))));
          received += batch.length;
        }
        const stats = store.stats();
        expect(stats.spans + stats.duplicates + stats.traceTooLarge + stats.evictedSpans).toBe(received);
        expect(stats.traces).toBeLessThanOrEqual(maxTraces);
        const kept = store.newest(10).map(({ traceId }) => store.trace(traceId)?.spans.length ?? 0);
        expect(kept.reduce((sum, spans) => sum + spans, 0)).toBe(stats.spans);
        store.close();
      }),
      { numRuns: 60 },
    );
  });
});

describe('the limit of bytes', () => {
  const MIB = 1024 * 1024;

  it('holds, with the newest traces kept', () => {
    const store = openStore({ maxBytes: MIB });
    const attributes = { text: 'x'.repeat(10_000) };
    for (let trace = 0; trace < 200; trace++) store.add(records(span(trace, 1, { attributes })));
    const stats = store.stats();
    expect(stats.bytes).toBeLessThanOrEqual(MIB);
    expect(stats.traces).toBeGreaterThan(80);
    expect(stats.evictedTraces).toBe(200 - stats.traces);
    expect(store.trace(traceIdOf(199))).toBeDefined();
    expect(store.trace(traceIdOf(200 - stats.traces - 1))).toBeUndefined();
    expect(store.trace(traceIdOf(200 - stats.traces))).toBeDefined();
  });

  it('counts names, so that ever new services and resources stay within it too', () => {
    const store = openStore({ maxBytes: MIB });
    for (let trace = 0; trace < 400; trace++) {
      const unique = `${trace}-${'n'.repeat(3_000)}`;
      store.add(records(span(trace, 1, { service: unique, name: unique, resource: { unique } })));
    }
    const stats = store.stats();
    expect(stats.bytes).toBeLessThanOrEqual(MIB);
    expect(store.services()).toHaveLength(stats.traces);
  });

  it('lets no runaway trace take more than a quarter', () => {
    const store = openStore({ maxBytes: MIB });
    store.add(records(span(1, 1)));
    const attributes = { text: 'x'.repeat(20_000) };
    for (let id = 1; id <= 100; id++) store.add(records(span(2, id, { attributes })));
    const stats = store.stats();
    expect(store.trace(traceIdOf(1))).toBeDefined();
    expect(stats.evictedTraces).toBe(0);
    expect(stats.traceTooLarge).toBe(100 - (stats.spans - 1));
    expect(stats.bytes).toBeLessThan(MIB / 3);
  });

  it('refuses a single span that is larger than a trace may be, without making a trace of it', () => {
    const store = openStore({ maxBytes: MIB });
    const attributes = { text: 'x'.repeat(MIB / 2) };
    expect(store.add(records(span(1, 1, { attributes })))).toMatchObject({ stored: 0, traceTooLarge: 1 });
    expect(store.stats()).toMatchObject({ traces: 0, spans: 0 });
  });
});

describe('a store that is asked for nonsense', () => {
  it.each([
    [{ maxTraces: 0 }, 'maxTraces is 0: it must be a whole number of at least 1.'],
    [{ maxTraces: 1.5 }, 'maxTraces is 1.5: it must be a whole number of at least 1.'],
    [{ maxBytes: 10 }, 'maxBytes is 10: it must be a whole number of at least 1048576.'],
    [{ maxSpansPerTrace: Number.NaN }, 'maxSpansPerTrace is NaN: it must be a whole number of at least 1.'],
  ])('says so: %j', (limits, message) => {
    expect(() => openStore(limits)).toThrow(message);
  });

  it('refuses work after it has been closed, and closes twice without complaint', () => {
    const store = openStore();
    store.close();
    store.close();
    expect(() => store.add([])).toThrow(StoreError);
    expect(() => store.trace(traceIdOf(1))).toThrow('The trace store has been closed.');
  });
});

describe('the newest traces', () => {
  it('come in the order of arrival, with their root, duration and errors', () => {
    const store = openStore();
    store.add(records(span(1, 1, { startNs: T0 + 5_000n })));
    store.add(
      records(
        span(2, 3, {
          parentSpanId: spanIdOf(2),
          service: 'auth',
          name: 'child',
          startNs: T0 - 1n,
          status: { code: 2 },
        }),
        span(2, 2, { service: 'gateway', name: 'POST /checkout', startNs: T0, endNs: T0 + 3_000_000_000n }),
      ),
    );
    expect(store.newest(1)).toEqual([
      {
        traceId: traceIdOf(2),
        rootService: 'gateway',
        rootOperation: 'POST /checkout',
        rootKind: 2,
        startNs: T0 - 1n,
        durationNs: 3_000_000_001n,
        spans: 2,
        errors: 1,
        arrival: 2,
      },
    ]);
    expect(store.newest(5).map((trace) => trace.traceId)).toEqual([traceIdOf(2), traceIdOf(1)]);
  });
});
