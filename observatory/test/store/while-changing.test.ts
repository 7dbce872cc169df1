// Reads that take several turns, while traces come and go in between.
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { TraceQuery, TraceStore } from '../../src/store/index.ts';
import { type SpanSeed, spanIdOf, traceIdOf } from '../receiver/readable-span.ts';
import { closeStores, openStore, records } from './records.ts';

const TRACES = 20;

beforeEach(() => {
  // Every look at the clock ends a turn.
  let nowMs = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => (nowMs += 100));
});

afterEach(() => {
  jest.restoreAllMocks();
  closeStores();
});

function span(trace: number, service: string): SpanSeed {
  return { traceId: traceIdOf(trace), spanId: spanIdOf(trace), service, resource: { colour: service } };
}

const KEPT = 0;

/** A store with many traces of the shop, and one of another service that a search comes to last. */
function filled(): TraceStore {
  const store = openStore({ maxTraces: TRACES });
  store.add(records(span(KEPT, 'keeper')));
  for (let trace = 1; trace < TRACES; trace++) store.add(records(span(trace, 'shop')));
  return store;
}

/**
 * Searches, and after the first turn evicts every trace but the last: then a new service gets the numbers that the shop had,
 * and a span in the trace that is still to be looked at.
 */
async function findWhileReplacing(query: Partial<TraceQuery>): Promise<string[]> {
  const store = filled();
  const search = store.find({ limit: 100, ...query });
  const others = Array.from({ length: TRACES - 1 }, (_, i) => span(100 + i, 'bank'));
  store.add(records(...others, { ...span(KEPT, 'keeper'), spanId: spanIdOf(2) }));
  expect(store.services()).toEqual(['bank', 'keeper']);
  store.add(records({ ...span(KEPT, 'late'), spanId: spanIdOf(3) }));
  return search;
}

describe('a search that takes many turns', () => {
  it('does not take a service for another one that has got its number', async () => {
    expect(await findWhileReplacing({ service: 'shop' })).toEqual([]);
  });

  it('does not take a resource for another one that has got its number', async () => {
    expect(await findWhileReplacing({ attributes: new Map([['colour', 'shop']]) })).toEqual([]);
  });

  it('and one of dependencies, ends when the store is emptied under it', async () => {
    const store = filled();
    const counted = store.dependencies(0n, 2n ** 63n);
    const searched = store.search({ service: 'shop', limit: 100 });
    store.add(records(...Array.from({ length: TRACES }, (_, i) => span(100 + i, 'bank'))));
    expect(await counted).toEqual([]);
    for (const { spans } of await searched) expect(spans.map((one) => one.service)).toEqual(['shop']);
  });
});
