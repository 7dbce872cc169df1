// Random spans of the domain, with every kind of value that an attribute can have.
import fc from 'fast-check';
import type { AttributeValue, Span } from '../../src/trace/span.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const count = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const time = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

function id(digits: number): fc.Arbitrary<string> {
  return fc
    .string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: digits, maxLength: digits })
    .filter((hex) => !/^0+$/.test(hex));
}

const { value } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    fc.boolean(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.double({ noNaN: true }),
    fc.constant(Number.NaN),
    fc.constant(null),
    fc.uint8Array({ maxLength: 6 }).map((bytes) => Uint8Array.from(bytes)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

const attributes = fc.dictionary(text, value, { maxKeys: 4, noNullPrototype: true });

const event = fc.record({ name: text, timeNs: time, attributes, droppedAttributesCount: count });

const link = fc.record({
  traceId: id(32),
  spanId: id(16),
  traceState: text,
  attributes,
  droppedAttributesCount: count,
  flags: count,
});

const status = fc.record({ code: fc.constantFrom('UNSET', 'OK', 'ERROR'), message: text });

export const resource = fc.record({ attributes, droppedAttributesCount: count });

export const scope = fc.record({ name: text, version: text, attributes, droppedAttributesCount: count });

/** Any span, without its origin. */
export const spanOf = (origin: Pick<Span, 'resource' | 'scope' | 'service'>): fc.Arbitrary<Span> =>
  fc
    .record({
      traceId: id(32),
      spanId: id(16),
      parentSpanId: fc.oneof(fc.constant(''), id(16)),
      traceState: text,
      flags: count,
      name: text,
      kind: fc.constantFrom('UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'),
      startNs: time,
      endNs: time,
      attributes,
      droppedAttributesCount: count,
      events: fc.array(event, { maxLength: 3 }),
      droppedEventsCount: count,
      links: fc.array(link, { maxLength: 2 }),
      droppedLinksCount: count,
      status,
    })
    .map((span) => ({ ...span, ...origin }) as Span);
