// Listing a backend that sends only some of the traces it has, in an order of its own.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pageTraces } from '../../src/sources/backends/page-traces.ts';
import type { QueryApi, Search } from '../../src/sources/backends/query-api.ts';
import { nsToMs } from '../../src/trace/nanoseconds.ts';
import type { Trace } from '../../src/trace/span.ts';
import { makeSpan } from '../trace/draw.ts';

function traceOf(n: number, startMs: number): Trace {
  const traceId = n.toString(16).padStart(32, '0');
  return { traceId, spans: [{ ...makeSpan({}), traceId, startNs: BigInt(startMs) * 1_000_000n }] };
}

const startOf = ({ spans }: Trace): number => nsToMs(spans[0]?.startNs ?? 0n);

interface Fake {
  readonly api: QueryApi;
  readonly warnings: string[];
  readonly searches: Search[];
}

/** Has the traces in the order in which it sends them, at most `most` of them at once. */
function fakeApi(traces: readonly Trace[], most: number, resolutionMs = 1): Fake {
  const warnings: string[] = [];
  const searches: Search[] = [];
  const api = {
    name: 'fake',
    resolutionMs,
    search: async (search: Search) => {
      searches.push(search);
      const { fromMs, toMs, limit } = search;
      const [from, to] = [Math.floor(fromMs / resolutionMs), Math.ceil(toMs / resolutionMs)];
      const found = traces.filter(
        (trace) => startOf(trace) >= from * resolutionMs && startOf(trace) <= to * resolutionMs,
      );
      const sent = found.slice(0, Math.min(most, limit));
      return { traces: sent, hasMore: sent.length >= Math.min(most, limit) };
    },
    onWarning: (text: string) => warnings.push(text),
  };
  return { api: api as unknown as QueryApi, warnings, searches };
}

async function idsOf(api: QueryApi, search: Search): Promise<string[][]> {
  const pages: string[][] = [];
  for await (const page of pageTraces(api, search)) pages.push(page.map(({ traceId }) => traceId));
  return pages;
}

const search: Search = { fromMs: 1_000_000, toMs: 2_000_000, limit: Number.POSITIVE_INFINITY };

test('every trace comes once, in whatever order and however few at once they are sent', async () => {
  const starts = fc.uniqueArray(fc.integer({ min: 1_000_001, max: 1_999_999 }), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(starts, fc.integer({ min: 2, max: 20 }), async (times, most) => {
      const traces = times.map((startMs, n) => traceOf(n + 1, startMs));
      const { api, warnings } = fakeApi(traces, most);
      const found = (await idsOf(api, search)).flat();
      // Two traces a millisecond apart are in one smallest window.
      if (warnings.length === 0) expect(found.sort()).toEqual(traces.map(({ traceId }) => traceId).sort());
      else expect(most).toBeLessThanOrEqual(3);
    }),
  );
});

test('lists come by time, the newest first, so that who has enough can stop', async () => {
  const traces = Array.from({ length: 500 }, (_, n) => traceOf(n + 1, 1_000_001 + n * 100));
  const { api, searches } = fakeApi(traces, 100);
  for await (const page of pageTraces(api, { ...search, limit: 30 })) {
    expect(page.length).toBeLessThan(60);
    break;
  }
  expect(searches.length).toBeLessThan(25);
  const pages = await idsOf(api, search);
  const latest = pages.map((page) => page.map((id) => Number.parseInt(id, 16)));
  latest.slice(1).forEach((page, i) => {
    expect(Math.max(...page)).toBeLessThan(Math.min(...(latest[i] ?? [])));
  });
});

test('more traces of one moment than the backend sends are said to be left out', async () => {
  const traces = Array.from({ length: 150 }, (_, n) => traceOf(n + 1, 1_500_000));
  const { api, warnings } = fakeApi(traces, 100);
  expect((await idsOf(api, search)).flat()).toHaveLength(100);
  expect(warnings.length).toBeGreaterThan(0);
  expect(warnings[0]).toMatch(
    /^fake has more than 100 traces of 1970-01-01T00:2[45]:.*; those it did not send were left out\.$/,
  );
});
