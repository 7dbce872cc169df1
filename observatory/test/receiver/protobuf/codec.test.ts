// What goes into the bytes of a span comes out again.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeOrigin, joinOrigin } from '../../../src/receiver/protobuf/decode-origin.ts';
import { readSpanRecord } from '../../../src/receiver/protobuf/read-span-record.ts';
import { decodeSpan } from '../../../src/wire/protobuf/decode-span.ts';
import { encodeResource, encodeScope, encodeSpan } from '../../../src/wire/protobuf/encode-span.ts';
import { MessageReader, readMessage } from '../../../src/wire/protobuf/message-reader.ts';
import { resource, scope, spanOf } from '../arbitrary-span.ts';
import { bytesOf } from './read-all.ts';

const ORIGIN = {
  resource: { attributes: {}, droppedAttributesCount: 0 },
  scope: { name: '', version: '', attributes: {}, droppedAttributesCount: 0 },
  service: 'shop',
};

describe('the protobuf codec', () => {
  it('gives every span back as it was, whatever is in it', () => {
    fc.assert(
      fc.property(spanOf(ORIGIN), (span) => {
        const body = encodeSpan(span);
        expect(decodeSpan(body, ORIGIN.resource, ORIGIN.scope, 'shop')).toEqual(span);
      }),
      { numRuns: 300 },
    );
  });

  it('accepts every span that it wrote, and reads the same columns from it', () => {
    fc.assert(
      fc.property(spanOf(ORIGIN), (span) => {
        const origin = { service: 'shop', body: new Uint8Array() };
        const record = readMessage(encodeSpan(span), (reader, end) => readSpanRecord(reader, end, origin));
        if (typeof record === 'string') throw new Error(record);
        expect(record.traceId).toBe(span.traceId);
        expect(BigInt.asUintN(64, record.spanId)).toBe(BigInt(`0x${span.spanId}`));
        expect(BigInt.asUintN(64, record.parentSpanId)).toBe(BigInt(`0x${span.parentSpanId || '0'}`));
        expect(record.name).toBe(span.name);
        expect(Buffer.from(bytesOf(record))).toEqual(Buffer.from(encodeSpan(span)));
      }),
      { numRuns: 200 },
    );
  });

  it('gives resource and scope back as they were', () => {
    fc.assert(
      fc.property(resource, scope, (aResource, aScope) => {
        const body = joinOrigin(encodeResource(aResource), encodeScope(aScope));
        expect(decodeOrigin(body)).toEqual({ resource: aResource, scope: aScope });
      }),
    );
  });

  it('keeps a column within 64 bits signed when a time is later than that', () => {
    const span = { ...fc.sample(spanOf(ORIGIN), 1)[0]!, startNs: 2n ** 64n - 1n, endNs: 1n };
    const origin = { service: 'shop', body: new Uint8Array() };
    const record = readSpanRecord(new MessageReader(encodeSpan(span)), encodeSpan(span).length, origin);
    expect(record).toMatchObject({ startNs: 2n ** 63n - 1n, durationNs: 0n });
  });
});
