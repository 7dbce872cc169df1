// Duplicates in traces with many spans: found by fingerprints, which different spans may share.
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { protobufCodec } from '../../src/receiver/index.ts';
import { Draft } from '../../src/store/draft.ts';
import { openState } from '../../src/store/load-state.ts';
import { printOf, SpanIds } from '../../src/store/span-ids.ts';
import { type SpanSeed, traceIdOf } from '../receiver/readable-span.ts';
import { closeStores, openStore, records } from './records.ts';

afterEach(closeStores);

function hex(id: bigint): string {
  return BigInt.asUintN(64, id).toString(16).padStart(16, '0');
}

/** The id with these upper 32 bits that has the fingerprint of another one. */
function withSamePrint(id: bigint, upper: number): bigint {
  const mixed = (high: number): number => Math.imul(high ^ 0x9e37_79b1, 0x85eb_ca6b);
  const high = Number(BigInt.asUintN(32, id >> 32n));
  const lower = (Number(BigInt.asUintN(32, id)) ^ mixed(high) ^ mixed(upper)) >>> 0;
  return BigInt.asIntN(64, (BigInt(upper) << 32n) | BigInt(lower));
}

function span(id: bigint): SpanSeed {
  return { traceId: traceIdOf(1), spanId: hex(id) };
}

const MANY = Array.from({ length: 200 }, (_, i) => BigInt(i + 1) * 0x1234_5678_9abcn);

describe('a set of fingerprints', () => {
  it('is what a set of numbers is', () => {
    const prints = fc.array(
      fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 2 ** 32 - 1 })),
      {
        maxLength: 1_000,
      },
    );
    fc.assert(
      fc.property(prints, (list) => {
        const [ids, expected] = [new SpanIds(), new Set<number>()];
        for (const print of list) {
          expect(ids.add(print)).toBe(!expected.has(print));
          expected.add(print);
        }
      }),
    );
  });

  it('never has the fingerprint 0, which marks a free slot', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (id) => {
        expect(printOf(id)).toBeGreaterThan(0);
        expect(printOf(id)).toBeLessThan(2 ** 32);
      }),
    );
  });
});

describe('a trace with many spans', () => {
  it('keeps spans that share a fingerprint, and each once', () => {
    const twins = MANY.map((id, i) => withSamePrint(id, i + 77));
    expect(twins.map(printOf)).toEqual(MANY.map(printOf));
    const store = openStore();
    const [ids, more] = [[...MANY, ...twins.slice(0, 50)], twins.slice(50)];
    expect(store.add(records(...ids.map(span)))).toMatchObject({ stored: 250, duplicates: 0 });
    expect(store.add(records(...more.map(span)))).toMatchObject({ stored: 150, duplicates: 0 });
    const again = [...MANY, ...twins].map(span);
    expect(store.add(records(...again))).toMatchObject({ stored: 0, duplicates: 400 });
    expect(new Set(store.trace(traceIdOf(1))?.spans.map((one) => one.spanId)).size).toBe(400);
  });

  it('finds the same duplicates whether the spans come in one request or in many', () => {
    const picked = fc.array(fc.constantFrom(...MANY.slice(0, 60)), { minLength: 40, maxLength: 120 });
    fc.assert(
      fc.property(picked, fc.integer({ min: 1, max: 50 }), (ids, size) => {
        const store = openStore();
        for (let i = 0; i < ids.length; i += size) store.add(records(...ids.slice(i, i + size).map(span)));
        const different = new Set(ids).size;
        expect(store.stats()).toMatchObject({ spans: different, duplicates: ids.length - different });
        store.close();
      }),
      { numRuns: 50 },
    );
  });

  it('does not grow by what it has no room for', () => {
    const state = openState(undefined, protobufCodec);
    const entry = state.traces.arrive(traceIdOf(1));
    entry.spans = 100;
    const draft = new Draft(traceIdOf(1), entry);
    draft.sent.push(...records(...MANY.map(span)));
    draft.sort(state, { maxTraces: 1, maxBytes: 2 ** 30, maxSpansPerTrace: 100 });
    expect(draft.tooMany).toBe(200);
    expect(MANY.every((id) => draft.ids?.add(printOf(id)))).toBe(true);
  });
});
