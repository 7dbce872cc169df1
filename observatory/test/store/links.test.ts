// Which traces link to which, as the store remembers it.
import { afterEach, expect, it } from '@jest/globals';
import { type SpanSeed, spanIdOf, traceIdOf } from '../receiver/readable-span.ts';
import { closeStores, openStore, records } from './records.ts';

afterEach(closeStores);

function linking(trace: number, ...targets: number[]): SpanSeed {
  const links = targets.map((target) => ({ traceId: traceIdOf(target), spanId: spanIdOf(1) }));
  return { traceId: traceIdOf(trace), spanId: spanIdOf(trace), links };
}

it('tells who links to a trace, the last begun first, each once and not the trace itself', () => {
  const store = openStore();
  store.add(records(linking(2, 1, 1), linking(3, 1, 3), linking(4)));
  expect(store.linkedFrom(traceIdOf(1), 10)).toEqual([traceIdOf(3), traceIdOf(2)]);
  expect(store.linkedFrom(traceIdOf(1), 1)).toEqual([traceIdOf(3)]);
  expect(store.linkedFrom(traceIdOf(3), 10)).toEqual([]);
});

it('forgets the links of a trace that is evicted', () => {
  const store = openStore({ maxTraces: 2 });
  store.add(records(linking(2, 1)));
  store.add(records(linking(3, 1)));
  store.add(records(linking(4)));
  expect(store.linkedFrom(traceIdOf(1), 10)).toEqual([traceIdOf(3)]);
});
