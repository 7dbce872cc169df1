// The walk over a request: what it accepts, what it refuses, and that nothing makes it fail in another way.
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SpanBatch } from '../../../src/receiver/span-batch.ts';
import { decodeSpan } from '../../../src/wire/protobuf/decode-span.ts';
import { ProtobufError } from '../../../src/wire/protobuf/message-reader.ts';
import { MAX_VALUE_DEPTH } from '../../../src/wire/protobuf/shapes.ts';
import { protobufBody, spanIdOf, T0, traceIdOf } from '../readable-span.ts';
import { bytesOf, readAll } from './read-all.ts';

const { LengthDelimited: LEN, Varint, Bit32, Bit64, StartGroup, EndGroup } = WireType;

function read(body: Uint8Array): SpanBatch {
  const batch = new SpanBatch();
  readAll(body, batch);
  return batch;
}

function problemOf(body: Uint8Array): string {
  try {
    read(body);
  } catch (error) {
    if (error instanceof ProtobufError) return error.message;
    throw error;
  }
  return 'accepted';
}

type Fill = (writer: BinaryWriter) => unknown;

function message(writer: BinaryWriter, field: number, fill: Fill): void {
  writer.tag(field, LEN).fork();
  fill(writer);
  writer.join();
}

/** A request with one span of valid ids and whatever `fill` adds to it. */
function requestWith(fill: Fill): Uint8Array {
  const writer = new BinaryWriter();
  message(writer, 1, (resourceSpans) =>
    message(resourceSpans, 2, (scopeSpans) =>
      message(scopeSpans, 2, (span) => {
        span.tag(1, LEN).bytes(Buffer.from(traceIdOf(1), 'hex'));
        span.tag(2, LEN).bytes(Buffer.from(spanIdOf(1), 'hex'));
        fill(span);
      }),
    ),
  );
  return writer.finish();
}

function nestedValue(writer: BinaryWriter, depth: number): void {
  if (depth === 1) writer.tag(1, LEN).string('deep');
  else message(writer, 5, (list) => message(list, 1, (item) => nestedValue(item, depth - 1)));
}

function nestedAttribute(depth: number): Uint8Array {
  return requestWith((span) =>
    message(span, 9, (attribute) => {
      attribute.tag(1, LEN).string('nested');
      message(attribute, 2, (value) => nestedValue(value, depth));
    }),
  );
}

describe('reading a protobuf request', () => {
  it('reads every span of every resource and scope', () => {
    const batch = read(
      protobufBody(
        { traceId: traceIdOf(1), spanId: spanIdOf(1), service: 'gateway' },
        { traceId: traceIdOf(1), spanId: spanIdOf(2), service: 'auth' },
        { traceId: traceIdOf(2), spanId: spanIdOf(3), service: 'auth', scope: 'other' },
      ),
    );
    expect(batch.spans.map((span) => [span.origin.service, span.traceId])).toEqual([
      ['gateway', traceIdOf(1)],
      ['auth', traceIdOf(1)],
      ['auth', traceIdOf(2)],
    ]);
  });

  it('takes an empty body, an empty resource and an empty scope as requests without spans', () => {
    expect(read(new Uint8Array()).spans).toEqual([]);
    expect(read(Buffer.from([0x0a, 0x00])).spans).toEqual([]);
    expect(read(Buffer.from([0x0a, 0x02, 0x12, 0x00])).spans).toEqual([]);
  });

  it('finds the resource and the scope also where they follow the spans', () => {
    const span = (writer: BinaryWriter): void => {
      writer.tag(1, LEN).bytes(Buffer.from(traceIdOf(1), 'hex'));
      writer.tag(2, LEN).bytes(Buffer.from(spanIdOf(1), 'hex'));
    };
    const writer = new BinaryWriter();
    message(writer, 1, (group) => {
      message(group, 2, (scopeSpans) => {
        message(scopeSpans, 2, span);
        message(scopeSpans, 1, (scope) => scope.tag(1, LEN).string('late scope'));
      });
      message(group, 1, (resource) =>
        message(resource, 1, (attribute) => {
          attribute.tag(1, LEN).string('service.name');
          message(attribute, 2, (value) => value.tag(1, LEN).string('late'));
        }),
      );
    });
    expect(read(writer.finish()).spans[0]?.origin.service).toBe('late');
  });

  it('calls a service without a name unknown_service', () => {
    expect(read(requestWith(() => undefined)).spans[0]?.origin.service).toBe('unknown_service');
  });

  it('skips fields that it does not know, of every wire type', () => {
    const body = requestWith((span) => {
      span.tag(100, Varint).uint64(2n ** 64n - 1n);
      span.tag(101, Bit64).fixed64(1);
      span.tag(102, LEN).string('new');
      span.tag(103, StartGroup).tag(1, Varint).uint32(1).tag(103, EndGroup);
      span.tag(104, Bit32).fixed32(1);
      span.tag(5, LEN).string('kept');
    });
    expect(read(body).spans[0]?.name).toBe('kept');
  });

  it('accepts kinds and status codes that are not defined yet', () => {
    const body = requestWith((span) => {
      span.tag(6, Varint).int32(99);
      message(span, 15, (status) => status.tag(3, Varint).int32(-1));
    });
    expect(read(body).spans[0]).toMatchObject({ kind: 0, status: 0 });
  });

  it('takes the last of repeated fields, as protobuf wants it', () => {
    const body = requestWith((span) => span.tag(5, LEN).string('first').tag(5, LEN).string('last'));
    expect(read(body).spans[0]?.name).toBe('last');
  });

  it('reads integers of 64 bits exactly, at both ends', () => {
    const body = requestWith((span) => {
      for (const [key, value] of [
        ['min', -(2n ** 63n)],
        ['max', 2n ** 63n - 1n],
      ] as const) {
        message(span, 9, (attribute) => {
          attribute.tag(1, LEN).string(key);
          message(attribute, 2, (any) => any.tag(3, Varint).int64(value));
        });
      }
    });
    const record = read(body).spans[0]!;
    const origin = { attributes: {}, droppedAttributesCount: 0 };
    const span = decodeSpan(bytesOf(record), origin, { ...origin, name: '', version: '' }, 'x');
    expect(span.attributes).toEqual({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  });

  it.each([
    ['a trace id that is too short', { traceId: 'ab' }, 'invalidTraceId'],
    ['a trace id of zeros', { traceId: '0'.repeat(32) }, 'invalidTraceId'],
    ['a span id of zeros', { spanId: '0'.repeat(16) }, 'invalidSpanId'],
    ['a span id that is too long', { spanId: 'b'.repeat(18) }, 'invalidSpanId'],
    ['a parent id that is too short', { parentSpanId: 'ab' }, 'invalidParentSpanId'],
    ['a link to nowhere', { links: [{ traceId: '', spanId: '', attributes: {} }] }, 'invalidLink'],
  ])('rejects only the span with %s', (_what, change, cause) => {
    const good = { traceId: traceIdOf(1), spanId: spanIdOf(1) };
    const batch = read(protobufBody({ ...good, spanId: spanIdOf(2), ...change }, good));
    expect(batch.spans).toHaveLength(1);
    expect([...batch.rejected]).toEqual([[cause, 1]]);
  });

  it('takes a parent id of zeros as none, and a span that ends before it starts as one of no duration', () => {
    const seed = { traceId: traceIdOf(1), spanId: spanIdOf(1), parentSpanId: '0'.repeat(16) };
    const batch = read(protobufBody({ ...seed, startNs: T0, endNs: T0 - 5n }));
    expect(batch.spans[0]).toMatchObject({ parentSpanId: 0n, startNs: T0, durationNs: 0n });
  });

  it.each([
    ['text', Buffer.from('this is not protobuf')],
    ['JSON', Buffer.from('{"resourceSpans":[]}')],
    ['a field number of zero', Buffer.from([0x00, 0x01])],
    ['an end of a group that did not start', Buffer.from([0x0c])],
    ['a wire type that does not exist', Buffer.from([0x0f])],
    ['a length beyond the body', Buffer.from([0x0a, 0x7f])],
    ['a varint that never ends', Buffer.alloc(32, 0xff)],
    ['a resource that is a number', requestWith(() => undefined).map((byte, at) => (at === 0 ? 0x08 : byte))],
    ['a name that is a number', requestWith((span) => span.tag(5, Varint).uint32(7))],
    ['a start time that is a varint', requestWith((span) => span.tag(7, Varint).uint32(7))],
    ['a kind that is text', requestWith((span) => span.tag(6, LEN).string('SERVER'))],
    [
      'an attribute value that is a number',
      requestWith((span) => message(span, 9, (attribute) => attribute.tag(2, Varint).uint32(1))),
    ],
    ['an event that overruns its span', requestWith((span) => span.tag(11, LEN).uint32(100))],
  ])('refuses %s, and says at which byte', (_what, body) => {
    expect(problemOf(body)).toMatch(/ at byte \d+$/);
  });

  it('refuses every body that was cut off, except at the border of a whole field', () => {
    const body = requestWith((span) => {
      span.tag(5, LEN).string('GET /').tag(7, Bit64).fixed64(T0);
      message(span, 9, (attribute) => attribute.tag(1, LEN).string('key'));
    });
    const accepted = Array.from({ length: body.length }, (_, length) => length).filter(
      (length) => problemOf(body.subarray(0, length)) === 'accepted',
    );
    expect(accepted).toEqual([0]);
  });

  it('takes attributes as deep as the limit and refuses one level more', () => {
    expect(read(nestedAttribute(MAX_VALUE_DEPTH)).spans).toHaveLength(1);
    expect(problemOf(nestedAttribute(MAX_VALUE_DEPTH + 1))).toContain('nests deeper than 64 levels');
    expect(problemOf(nestedAttribute(1_000))).toContain('nests deeper than 64 levels');
  });

  it('refuses groups that nest without end', () => {
    const groups = Buffer.alloc(100_000, 0x0b);
    expect(problemOf(groups)).toMatch(/ at byte \d+$/);
  });

  it('never fails otherwise on random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
        expect(typeof problemOf(body)).toBe('string');
      }),
      { numRuns: 2_000 },
    );
  });

  it('decodes without an error whatever it accepted of a damaged body', () => {
    const whole = protobufBody({
      traceId: traceIdOf(1),
      spanId: spanIdOf(1),
      attributes: { text: 'ä', list: [1, 2.5, 'x'], yes: true },
      events: [{ name: 'e', timeNs: T0, attributes: { a: 1 } }],
      links: [{ traceId: traceIdOf(2), spanId: spanIdOf(2), attributes: {} }],
      status: { code: 2, message: 'no' },
    });
    const origin = { attributes: {}, droppedAttributesCount: 0 };
    const damage = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (changes) => {
        const body = Buffer.from(whole);
        for (const [at, byte] of changes) body[at] = byte;
        if (problemOf(body) !== 'accepted') return;
        for (const span of read(body).spans) {
          expect(decodeSpan(bytesOf(span), origin, { ...origin, name: '', version: '' }, 'x').traceId).toBe(
            span.traceId,
          );
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
