// Searching: what is found is what a plain walk over all spans finds, newest first.
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TraceQuery, TraceStore } from '../../src/store/index.ts';
import type { AttributeMap, Span } from '../../src/trace/span.ts';
import { type SpanSeed, spanIdOf, T0, traceIdOf } from '../receiver/readable-span.ts';
import { closeStores, openStore, records } from './records.ts';

afterEach(closeStores);

const MS = 1_000_000n;

async function found(store: TraceStore, query: Partial<TraceQuery>): Promise<number[]> {
  const traces = await store.search({ limit: 100, ...query });
  return traces.map((trace) => Number.parseInt(trace.traceId.slice(-4), 16));
}

function tags(pairs: Record<string, string>): Partial<TraceQuery> {
  return { service: 'shop', attributes: new Map(Object.entries(pairs)) };
}

/** Trace ids count from 0x1000, so that their last four digits are their number. */
function span(trace: number, id: number, more: Partial<SpanSeed> = {}): SpanSeed {
  return { traceId: traceIdOf(trace), spanId: spanIdOf(id), startNs: T0 + BigInt(trace), ...more };
}

describe('a search', () => {
  it('finds a trace only when one single span of the service meets every condition', async () => {
    const store = openStore();
    store.add(
      records(
        span(0x1001, 1, { name: 'slow', endNs: T0 + 900n * MS, attributes: { colour: 'red' } }),
        span(0x1001, 2, { name: 'quick', attributes: { colour: 'blue' } }),
        span(0x1001, 3, { name: 'other', service: 'bank', attributes: { colour: 'green' } }),
      ),
    );
    const query = { service: 'shop', operation: 'slow', durationMinNs: 500n * MS };
    expect(await found(store, { ...query, ...tags({ colour: 'red' }) })).toEqual([0x1001]);
    expect(await found(store, { ...query, ...tags({ colour: 'blue' }) })).toEqual([]);
    expect(await found(store, { service: 'shop', ...tags({ colour: 'green' }) })).toEqual([]);
    expect(await found(store, { service: 'bank', operation: 'slow' })).toEqual([]);
    expect(await found(store, { operation: 'other' })).toEqual([0x1001]);
  });

  it('gives the whole trace, with the spans that did not match', async () => {
    const store = openStore();
    store.add(records(span(0x1001, 1, { name: 'wanted' }), span(0x1001, 2, { service: 'bank' })));
    const [trace] = await store.search({ service: 'shop', operation: 'wanted', limit: 1 });
    expect(trace?.spans).toHaveLength(2);
  });

  it('takes all bounds as inclusive', async () => {
    const store = openStore();
    store.add(records(span(0x1001, 1, { startNs: T0, endNs: T0 + MS })));
    const exact = { startMinNs: T0, startMaxNs: T0, durationMinNs: MS, durationMaxNs: MS };
    expect(await found(store, { service: 'shop', ...exact })).toEqual([0x1001]);
    for (const off of [
      { startMinNs: T0 + 1n },
      { startMaxNs: T0 - 1n },
      { durationMinNs: MS + 1n },
      { durationMaxNs: MS - 1n },
    ]) {
      expect(await found(store, { service: 'shop', ...exact, ...off })).toEqual([]);
    }
  });

  it('gives the traces with the newest matching spans first, and no more than the limit', async () => {
    const store = openStore();
    for (const trace of [0x1003, 0x1001, 0x1005, 0x1002, 0x1004]) store.add(records(span(trace, 1)));
    expect(await found(store, { service: 'shop' })).toEqual([0x1005, 0x1004, 0x1003, 0x1002, 0x1001]);
    expect(await found(store, { service: 'shop', limit: 2 })).toEqual([0x1005, 0x1004]);
    expect(await found(store, { limit: 2 })).toEqual([0x1005, 0x1004]);
  });

  it('compares attributes as text, wherever they are', async () => {
    const store = openStore();
    store.add(
      records(
        span(0x1001, 1, { attributes: { n: 200, d: 1.5, b: true, list: ['a', 1], text: 'naïve' } }),
        span(0x1002, 1, { resource: { zone: 'eu' } }),
        span(0x1003, 1, { events: [{ name: 'e', timeNs: T0, attributes: { 'exception.type': 'Boom' } }] }),
        span(0x1004, 1, {
          links: [{ traceId: traceIdOf(9), spanId: spanIdOf(9), attributes: { via: 'queue' } }],
        }),
        span(0x1005, 1, { scope: 'my-scope', attributes: { bytes: Uint8Array.from([1, 2, 3]) } }),
      ),
    );
    const expected: [Record<string, string>, number[]][] = [
      [{ n: '200' }, [0x1001]],
      [{ d: '1.5', b: 'true' }, [0x1001]],
      [{ list: '["a",1]' }, [0x1001]],
      [{ text: 'naïve' }, [0x1001]],
      [{ text: 'naive' }, []],
      [{ zone: 'eu' }, [0x1002]],
      [{ 'resource.zone': 'eu' }, [0x1002]],
      [{ 'resource.n': '200' }, []],
      [{ 'exception.type': 'Boom' }, [0x1003]],
      [{ via: 'queue' }, [0x1004]],
      [{ 'scope.name': 'my-scope' }, [0x1005]],
      [{ 'scope.version': '1', 'scope.name': 'my-scope' }, [0x1005]],
      [{ bytes: 'AQID' }, [0x1005]],
      [{ n: '200', zone: 'eu' }, []],
      [{ toString: 'x' }, []],
    ];
    for (const [pairs, traces] of expected) {
      expect([pairs, await found(store, tags(pairs))]).toEqual([pairs, traces]);
    }
  });

  it('understands the tags error, span.status and span.kind', async () => {
    const store = openStore();
    store.add(
      records(
        span(0x1001, 1, { status: { code: 2 }, kind: 2 }),
        span(0x1002, 1, { status: { code: 1 }, kind: 1 }),
        span(0x1003, 1, { status: { code: 0 }, kind: 0, attributes: { error: true } }),
      ),
    );
    const expected: [Record<string, string>, number[]][] = [
      [{ error: 'true' }, [0x1001]],
      [{ error: 'false' }, [0x1003, 0x1002]],
      [{ error: 'maybe' }, []],
      [{ 'span.status': 'ok' }, [0x1002]],
      [{ 'span.status': 'ERROR' }, [0x1001]],
      [{ 'span.status': 'unset' }, [0x1003]],
      [{ 'span.kind': 'client' }, [0x1001]],
      [{ 'span.kind': 'server', error: 'false' }, [0x1002]],
      [{ 'span.kind': 'server', error: 'true' }, []],
    ];
    for (const [pairs, traces] of expected) {
      expect([pairs, await found(store, tags(pairs))]).toEqual([pairs, traces]);
    }
  });

  it('finds one span among many that start at the same nanosecond, over several pages', async () => {
    const store = openStore();
    const seeds = Array.from({ length: 25_000 }, (_, at) => ({
      traceId: traceIdOf(0x1000 + (at % 50)),
      spanId: spanIdOf(at + 1),
      startNs: T0,
      name: at === 7 ? 'rare' : 'common',
      ...(at === 11 && { attributes: { needle: 'here' } }),
    }));
    for (let at = 0; at < seeds.length; at += 5_000) store.add(records(...seeds.slice(at, at + 5_000)));
    expect(await found(store, { service: 'shop', operation: 'rare' })).toEqual([0x1007]);
    expect(await found(store, tags({ needle: 'here' }))).toEqual([0x100b]);
    expect(new Set(await found(store, { service: 'shop' })).size).toBe(50);
  });

  it('lets others work while it looks through much, and survives what they change', async () => {
    const store = openStore({ maxTraces: 500 });
    const seeds = Array.from({ length: 30_000 }, (_, at) =>
      span(0x1000 + (at % 500), at, { attributes: { a: at } }),
    );
    for (let at = 0; at < seeds.length; at += 5_000) store.add(records(...seeds.slice(at, at + 5_000)));
    const search = store.search({ service: 'shop', attributes: new Map([['a', 'x']]), limit: 5 });
    let turns = 0;
    let isSearching = true;
    const ended = search.finally(() => {
      isSearching = false;
    });
    while (isSearching) {
      store.add(records(span(0x3000 + turns, 1)));
      turns++;
      await new Promise(setImmediate);
    }
    expect(await ended).toEqual([]);
    expect(turns).toBeGreaterThan(1);
  });

  it('ends with an error that says so when the store is closed meanwhile', async () => {
    const store = openStore();
    const seeds = Array.from({ length: 20_000 }, (_, at) =>
      span(0x1000 + (at % 100), at, { attributes: { a: at } }),
    );
    for (let at = 0; at < seeds.length; at += 5_000) store.add(records(...seeds.slice(at, at + 5_000)));
    const search = store.search({ service: 'shop', attributes: new Map([['a', 'x']]), limit: 5 });
    store.close();
    await expect(search).rejects.toThrow('The trace store has been closed.');
  });
});

function isMatch(one: Span, query: TraceQuery): boolean {
  const durationNs = one.endNs - one.startNs;
  const has = (attributes: AttributeMap, key: string, text: string) =>
    Object.hasOwn(attributes, key) && String(attributes[key]) === text;
  return (
    (query.service === undefined || one.service === query.service) &&
    (query.operation === undefined || one.name === query.operation) &&
    one.startNs >= (query.startMinNs ?? 0n) &&
    one.startNs <= (query.startMaxNs ?? 2n ** 63n) &&
    durationNs >= (query.durationMinNs ?? 0n) &&
    durationNs <= (query.durationMaxNs ?? 2n ** 63n) &&
    [...(query.attributes ?? [])].every(
      ([key, text]) => has(one.attributes, key, text) || has(one.resource.attributes, key, text),
    )
  );
}

describe('any search', () => {
  const service = fc.constantFrom('a', 'b');
  const name = fc.constantFrom('get', 'put');
  const attributes = fc.dictionary(
    fc.constantFrom('k', 'l'),
    fc.oneof(fc.nat(2), fc.constantFrom('x', 'y')),
    {
      noNullPrototype: true,
    },
  );
  const offset = fc.bigInt({ min: 0n, max: 20n });
  const seeds = fc.array(
    fc.record({
      trace: fc.nat(6),
      service,
      name,
      kind: fc.nat(2),
      startNs: offset.map((ns) => T0 + ns),
      durationNs: offset,
      attributes,
      resource: attributes,
    }),
    { minLength: 1, maxLength: 25 },
  );
  const bound = fc.option(
    offset.map((ns) => T0 + ns),
    { nil: undefined },
  );
  const length = fc.option(offset, { nil: undefined });
  const query = fc.record({
    service: fc.option(service, { nil: undefined }),
    operation: fc.option(name, { nil: undefined }),
    startMinNs: bound,
    startMaxNs: bound,
    durationMinNs: length,
    durationMaxNs: length,
    attributes: fc.array(fc.tuple(fc.constantFrom('k', 'l'), fc.constantFrom('0', '1', 'x')), {
      maxLength: 2,
    }),
    limit: fc.integer({ min: 1, max: 7 }),
  });

  it('finds what a plain walk over all spans finds', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, query, async (all, { attributes: pairs, ...rest }) => {
        const store = openStore();
        const given = all.map(({ trace, durationNs, ...more }, at) => ({
          ...span(0x1000 + trace, at + 1),
          ...more,
          endNs: more.startNs + durationNs,
        }));
        store.add(records(...given));
        const present = Object.entries(rest).filter(([, value]) => value !== undefined);
        const asked = { ...Object.fromEntries(present), attributes: new Map(pairs) } as unknown as TraceQuery;
        const starts = new Map<string, bigint>();
        for (const { traceId } of store.newest(10)) {
          for (const one of store.trace(traceId)?.spans ?? []) {
            if (!isMatch(one, asked)) continue;
            const best = starts.get(traceId) ?? 0n;
            starts.set(traceId, one.startNs > best ? one.startNs : best);
          }
        }
        const result = await store.search(asked);
        expect(result.length).toBe(Math.min(asked.limit, starts.size));
        const order = result.map((trace) => starts.get(trace.traceId) ?? -1n);
        const newest = [...starts.values()].sort((x, y) => Number(y - x)).slice(0, asked.limit);
        expect(order).toEqual(newest);
        store.close();
      }),
      { numRuns: 300 },
    );
  });
});

describe('dependencies', () => {
  it('count the spans of one service whose parent is a span of another, or of the same', async () => {
    const store = openStore();
    for (const trace of [0x1001, 0x1002]) {
      store.add(
        records(
          span(trace, 1, { service: 'gateway' }),
          span(trace, 2, { service: 'gateway', parentSpanId: spanIdOf(1) }),
          span(trace, 3, { service: 'auth', parentSpanId: spanIdOf(2) }),
          span(trace, 4, { service: 'payment', parentSpanId: spanIdOf(2) }),
          span(trace, 5, { service: 'payment', parentSpanId: spanIdOf(77) }),
        ),
      );
    }
    const links = [
      { parent: 'gateway', child: 'auth', callCount: 2 },
      { parent: 'gateway', child: 'gateway', callCount: 2 },
      { parent: 'gateway', child: 'payment', callCount: 2 },
    ];
    expect(await store.dependencies(T0, T0 + 60_000n * MS)).toEqual(links);
    expect(await store.dependencies(T0 + 60_000n * MS, T0 + 90_000n * MS)).toEqual([]);
  });
});
