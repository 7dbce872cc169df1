// The same spans in protobuf and in JSON, written by OpenTelemetry's serializers, are the same spans in the store.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { protobufCodec } from '../../src/receiver/index.ts';
import { readJsonRequest } from '../../src/receiver/read-json-request.ts';
import { SpanBatch } from '../../src/receiver/span-batch.ts';
import { TraceStore } from '../../src/store/index.ts';
import type { Trace } from '../../src/trace/span.ts';
import { readAll } from './protobuf/read-all.ts';
import { jsonBody, protobufBody, type SpanSeed, spanIdOf, T0, traceIdOf } from './readable-span.ts';

function stored(read: (body: Buffer, batch: SpanBatch) => void, body: Buffer): Trace | undefined {
  const store = new TraceStore({ codec: protobufCodec });
  const batch = new SpanBatch();
  read(body, batch);
  store.add(batch.spans);
  const trace = store.trace(traceIdOf(1));
  store.close();
  return trace;
}

const text = fc.string({ unit: 'grapheme', maxLength: 10 });
const value = fc.oneof(
  text,
  fc.boolean(),
  fc.maxSafeInteger(),
  // OpenTelemetry's serializers write whole numbers as int64, also those that have no room there.
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((double) => Math.abs(double) < 2 ** 53),
  fc.array(fc.oneof(text, fc.boolean(), fc.integer()), { maxLength: 3 }),
  fc.uint8Array({ maxLength: 5 }),
);
const attributes = fc.dictionary(text, value, { maxKeys: 4, noNullPrototype: true });

const seed: fc.Arbitrary<SpanSeed> = fc
  .record({
    n: fc.integer({ min: 1, max: 1_000 }),
    hasParent: fc.boolean(),
    name: text,
    kind: fc.integer({ min: 0, max: 4 }),
    service: fc.constantFrom('gateway', 'auth', 'ünïcode'),
    offsetNs: fc.bigInt({ min: 0n, max: 10n ** 12n }),
    durationNs: fc.bigInt({ min: 0n, max: 10n ** 12n }),
    code: fc.integer({ min: 0, max: 2 }),
    message: text,
    attributes,
    events: fc.array(fc.record({ name: text, timeNs: fc.constant(T0), attributes }), { maxLength: 2 }),
    links: fc.array(attributes, { maxLength: 2 }),
  })
  .map(({ n, hasParent, offsetNs, durationNs, code, message, links, ...rest }) => ({
    ...rest,
    traceId: traceIdOf(1),
    spanId: spanIdOf(n),
    ...(hasParent && { parentSpanId: spanIdOf(n + 1) }),
    startNs: T0 + offsetNs,
    endNs: T0 + offsetNs + durationNs,
    status: { code, message },
    links: links.map((linked, at) => ({
      traceId: traceIdOf(2),
      spanId: spanIdOf(at + 1),
      attributes: linked,
    })),
  }));

describe('protobuf and JSON', () => {
  it('say the same', () => {
    fc.assert(
      fc.property(fc.array(seed, { minLength: 1, maxLength: 5 }), (seeds) => {
        const fromProtobuf = stored(readAll, protobufBody(...seeds));
        const fromJson = stored(readJsonRequest, jsonBody(...seeds));
        expect(fromProtobuf?.spans.length).toBeGreaterThan(0);
        expect(fromProtobuf).toEqual(fromJson);
      }),
      { numRuns: 200 },
    );
  });

  it('say what was put in', () => {
    const trace = stored(
      readAll,
      protobufBody({
        traceId: traceIdOf(1),
        spanId: spanIdOf(1),
        parentSpanId: spanIdOf(9),
        name: 'POST /charges',
        kind: 1,
        service: 'payment',
        startNs: T0 + 1n,
        endNs: T0 + 2_500_000_001n,
        status: { code: 2, message: 'declined' },
        attributes: { 'payment.amount': 12.5, retries: 3, tags: ['a', 'b'], ok: false },
        resource: { 'service.version': '1.2.3' },
        events: [{ name: 'exception', timeNs: T0 + 7n, attributes: { 'exception.type': 'Declined' } }],
        links: [{ traceId: traceIdOf(2), spanId: spanIdOf(2), attributes: { why: 'retry' } }],
        traceState: 'vendor=1',
      }),
    );
    expect(trace?.spans).toMatchObject([
      {
        traceId: traceIdOf(1),
        spanId: spanIdOf(1),
        parentSpanId: spanIdOf(9),
        traceState: 'vendor=1',
        name: 'POST /charges',
        kind: 'SERVER',
        service: 'payment',
        startNs: T0 + 1n,
        endNs: T0 + 2_500_000_001n,
        status: { code: 'ERROR', message: 'declined' },
        attributes: { 'payment.amount': 12.5, retries: 3n, tags: ['a', 'b'], ok: false },
        resource: { attributes: { 'service.name': 'payment', 'service.version': '1.2.3' } },
        scope: { name: 'test', version: '1' },
        events: [{ name: 'exception', timeNs: T0 + 7n, attributes: { 'exception.type': 'Declined' } }],
        links: [{ traceId: traceIdOf(2), spanId: spanIdOf(2), attributes: { why: 'retry' } }],
      },
    ]);
  });

  it('share one resource and one scope between the spans of a sender', () => {
    const [first, second] =
      stored(
        readAll,
        protobufBody(
          { traceId: traceIdOf(1), spanId: spanIdOf(1) },
          { traceId: traceIdOf(1), spanId: spanIdOf(2) },
        ),
      )?.spans ?? [];
    expect(first?.resource).toBe(second?.resource);
    expect(first?.scope).toBe(second?.scope);
  });
});
