// Encoded spans say what OpenTelemetry's own serializer says of them, whatever is in them.

import { describe, expect, it } from '@jest/globals';
import { type HrTime, type SpanContext, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { spansFromProtobuf } from '../../../observatory/src/wire/protobuf/spans-from-protobuf.ts';
import { encodeRequest } from '../../src/encoding/protobuf-request.ts';
import { SpanPack } from '../../src/encoding/span-pack.ts';
import { readTraceState } from '../../src/propagation/trace-state.ts';
import { limitsFrom } from '../../src/recording/limits.ts';
import { RandomIds } from '../../src/recording/random-ids.ts';
import { Recorder } from '../../src/recording/recorder.ts';
import { alwaysOn } from '../../src/sampling/samplers.ts';

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 300 }),
  fc.constantFrom('', 'x'.repeat(127), 'x'.repeat(128), 'ß'.repeat(70), '\ud800', 'y'.repeat(20_000)),
);
const numbers = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.maxSafeInteger(),
  fc.constantFrom(0, -0, -1, 2 ** 32 - 1, 2 ** 32, 2 ** 53, -(2 ** 63), 2 ** 63, 1e300),
);
const scalars = fc.oneof(texts, numbers, fc.boolean());
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalars,
    fc.constant(null),
    fc.uint8Array({ maxLength: 200 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ minLength: 1, maxLength: 20 }), tie('value'), { maxKeys: 4 }),
  ),
})).value;
const names = fc.oneof(
  fc.string({ minLength: 1, maxLength: 80 }),
  fc.constantFrom('http.route', 'ключ', 'k', '__proto__'),
);
const attributes = fc.dictionary(names, values, { maxKeys: 12, noNullPrototype: true });
const simple = fc.dictionary(names, scalars, { maxKeys: 4, noNullPrototype: true });
const hex = (length: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length })
    .filter((id) => !/^0+$/.test(id));
const contexts: fc.Arbitrary<SpanContext> = fc.record({
  traceId: hex(32),
  spanId: hex(16),
  traceFlags: fc.constantFrom(TraceFlags.NONE, TraceFlags.SAMPLED),
  isRemote: fc.boolean(),
  traceState: fc.constantFrom(readTraceState('a=1,b=2', true), readTraceState('', true)),
});
const times: fc.Arbitrary<HrTime> = fc.tuple(
  fc.integer({ min: 0, max: 2 ** 33 }),
  fc.integer({ min: 0, max: 999_999_999 }),
);
const drafts = fc.record({
  name: texts,
  kind: fc.constantFrom(
    SpanKind.INTERNAL,
    SpanKind.SERVER,
    SpanKind.CLIENT,
    SpanKind.PRODUCER,
    SpanKind.CONSUMER,
  ),
  attributes,
  events: fc.array(fc.record({ name: texts, attributes: simple, time: times }), { maxLength: 3 }),
  links: fc.array(fc.record({ context: contexts, attributes }), { maxLength: 3 }),
  start: times,
  lastsSeconds: fc.integer({ min: 0, max: 1000 }),
  status: fc.constantFrom(SpanStatusCode.UNSET, SpanStatusCode.OK, SpanStatusCode.ERROR),
  message: texts,
  scope: fc.constantFrom('one', 'two'),
});

type Draft = typeof drafts extends fc.Arbitrary<infer T> ? T : never;

const resource = resourceFromAttributes({ 'service.name': 'orders', list: ['a', 'b'], n: 7, f: 0.5 });

/** Ended spans as they come to be encoded, with limits that nothing here reaches but texts. */
function spansOf(given: readonly Draft[]): ReadableSpan[] {
  const ended: ReadableSpan[] = [];
  const silent = { forceFlush: async () => {}, shutdown: async () => {}, onStart: () => {} };
  const processor = { ...silent, onEnd: (span: ReadableSpan) => void ended.push(span) };
  const parts = { resource, sampler: alwaysOn, limits: limitsFrom(), ids: new RandomIds(), processor };
  const recorder = new Recorder(parts);
  for (const { scope, start, lastsSeconds, ...draft } of given) {
    const { name, kind, attributes: all, links } = draft;
    const tracer = recorder.getTracer(scope, '1.2.3');
    const span = tracer.startSpan(name, { kind, attributes: all, links, startTime: start });
    for (const event of draft.events) span.addEvent(event.name, event.attributes, event.time);
    span.setStatus({ code: draft.status, message: draft.message });
    span.end([start[0] + lastsSeconds, start[1]]);
  }
  return ended;
}

function packOf(spans: readonly ReadableSpan[]): SpanPack {
  const pack = new SpanPack();
  for (const span of spans) pack.add(span);
  return pack;
}

describe('encoded spans', () => {
  it('say the same as OpenTelemetry’s serializer', () => {
    fc.assert(
      fc.property(fc.array(drafts, { minLength: 1, maxLength: 4 }), (given) => {
        const spans = spansOf(given);
        const theirs = ProtobufTraceSerializer.serializeRequest(spans) ?? new Uint8Array();
        const ours = encodeRequest(packOf(spans).groups);
        expect(spansFromProtobuf(ours)).toEqual(spansFromProtobuf(theirs));
        expect(ours.length).toBeLessThanOrEqual(theirs.length);
      }),
      { numRuns: 300 },
    );
  });

  it('are the same spans when a pack is split anywhere', () => {
    fc.assert(
      fc.property(fc.array(drafts, { minLength: 2, maxLength: 6 }), fc.nat(6), (given, at) => {
        const spans = spansOf(given);
        const idsOf = (pack: SpanPack): string[] =>
          spansFromProtobuf(encodeRequest(pack.groups)).spans.map(({ spanId }) => spanId);
        const pack = packOf(spans);
        const bytes = pack.byteLength;
        const first = pack.split(at);
        expect(first.length).toBe(Math.min(at, spans.length));
        expect(first.byteLength + pack.byteLength).toBe(bytes);
        const wanted = spans.map((span) => span.spanContext().spanId);
        expect([...idsOf(first), ...idsOf(pack)].sort()).toEqual(wanted.sort());
      }),
      { numRuns: 100 },
    );
  });

  it('leave out ids that are none, so that the rest can be read', () => {
    const link = { context: { traceId: 'none', spanId: 'neither', traceFlags: 0 } };
    const [span] = spansOf(
      fc.sample(
        drafts.map((draft) => ({ ...draft, links: [link] })),
        1,
      ) as Draft[],
    );
    if (span === undefined) throw new Error('no span has ended');
    // Our own receiver refuses a link without ids, so it is looked for as text.
    const body = Buffer.from(encodeRequest(packOf([span]).groups));
    expect(body.includes('none')).toBe(false);
    expect(body.includes(Buffer.from(span.spanContext().traceId, 'hex'))).toBe(true);
  });
});
