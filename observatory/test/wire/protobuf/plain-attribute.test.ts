// The quick look at attributes against the walk that checks everything: what it lets pass is well-formed.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AttributeValue } from '../../../src/trace/span.ts';
import { AttributeCollector } from '../../../src/wire/protobuf/decode-attributes.ts';
import { encodeResource } from '../../../src/wire/protobuf/encode-span.ts';
import { MessageReader } from '../../../src/wire/protobuf/message-reader.ts';
import { isPlainAttribute } from '../../../src/wire/protobuf/plain-attribute.ts';
import { checkMessage, SHAPES } from '../../../src/wire/protobuf/shapes.ts';

/** A KeyValue as it stands in a resource: after its tag and its length. */
function keyValue(key: string, value: AttributeValue): Buffer {
  const bytes = encodeResource({ attributes: { [key]: value }, droppedAttributesCount: 0 });
  const reader = new MessageReader(bytes);
  reader.next(bytes.length);
  const end = reader.enter(bytes.length);
  return Buffer.from(bytes.subarray(reader.pos, end));
}

/** What the careful walk says of it. */
function isWellFormed(bytes: Uint8Array): boolean {
  try {
    checkMessage(new MessageReader(bytes), bytes.length, SHAPES.attribute);
    return true;
  } catch {
    return false;
  }
}

const text = fc.string({ unit: 'grapheme', maxLength: 60 });
const value: fc.Arbitrary<AttributeValue> = fc.oneof(
  text,
  fc.boolean(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.double(),
  fc.constant(null),
  fc.array(text, { maxLength: 2 }),
);
const changes = fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 3 });

describe('an attribute at a glance', () => {
  it('is plain only where the careful walk finds nothing wrong, and can be decoded', () => {
    let plain = 0;
    fc.assert(
      fc.property(text, value, changes, fc.nat(3), (key, given, list, cut) => {
        const bytes = keyValue(key, given);
        for (const [at, byte] of list) if (at < bytes.length) bytes[at] = byte;
        const changed = bytes.subarray(0, Math.max(0, bytes.length - (cut === 0 ? 1 : 0)));
        if (!isPlainAttribute(changed, 0, changed.length)) return;
        plain++;
        expect(isWellFormed(changed)).toBe(true);
        const message = Buffer.concat([Buffer.from([0x0a, changed.length]), changed]);
        const reader = new MessageReader(message);
        reader.next(message.length);
        const collector = new AttributeCollector();
        collector.add(reader, message.length);
        expect(reader.pos).toBe(message.length);
      }),
      { numRuns: 3_000 },
    );
    expect(plain).toBeGreaterThan(300);
  });

  it('sees nothing outside of its bounds', () => {
    const bytes = keyValue('key', 'value');
    const around = Buffer.concat([Buffer.alloc(5, 0xff), bytes, Buffer.alloc(5, 0xff)]);
    expect(isPlainAttribute(around, 5, 5 + bytes.length)).toBe(true);
    for (const end of [4 + bytes.length, 6 + bytes.length])
      expect(isPlainAttribute(around, 5, end)).toBe(false);
    for (let end = 0; end < bytes.length; end++) expect(isPlainAttribute(bytes, 0, end)).toBe(false);
  });

  it.each<[string, AttributeValue]>([
    ['text', 'x'],
    ['an empty text', ''],
    ['true', true],
    ['a negative integer', -1n],
    ['a double', 1.5],
  ])('is plain with %s as its value', (_what, given) => {
    const bytes = keyValue('key', given);
    expect(isPlainAttribute(bytes, 0, bytes.length)).toBe(true);
  });
});
