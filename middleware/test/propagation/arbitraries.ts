// Random trace context, valid and nearly valid, for the property tests.

import fc from 'fast-check';

const hexDigit = fc.constantFrom(...'0123456789abcdef');

const hex = (length: number) =>
  fc
    .string({ unit: hexDigit, minLength: length, maxLength: length })
    .filter((text) => text !== '0'.repeat(length));

export const traceId = hex(32);
export const spanId = hex(16);

const keyStart = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789');
const keyCharacter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789_-*/@');
export const key = fc
  .tuple(keyStart, fc.string({ unit: keyCharacter, maxLength: 255 }))
  .map(([start, rest]) => start + rest);

const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(0x20 + i));
const valueCharacter = fc.constantFrom(...printable.filter((each) => each !== ',' && each !== '='));
export const value = fc
  .tuple(
    fc.string({ unit: valueCharacter, maxLength: 255 }),
    valueCharacter.filter((each) => each !== ' '),
  )
  .map(([rest, end]) => rest + end);

/** Key and value pairs with different keys, at most `most` of them. */
export const members = (most: number) =>
  fc.uniqueArray(fc.tuple(key, value), { maxLength: most, selector: ([name]) => name });

/** Pairs so short that any 32 of them fit into 512 characters. */
export const shortMembers = fc.uniqueArray(
  fc.tuple(
    fc.tuple(keyStart, fc.string({ unit: keyCharacter, maxLength: 3 })).map(([start, rest]) => start + rest),
    fc.string({ unit: fc.constantFrom(...'abcXYZ019!~'), minLength: 1, maxLength: 10 }),
  ),
  { maxLength: 32, selector: ([name]) => name },
);

/** Text that often is nearly a header: made of the pieces that headers are made of. */
export const nearlyHeader = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom('00', 'ff', 'cc', '-', ',', '=', ' ', '\t', '01', '0', '%', ':', '\r\n', 'A'),
        traceId,
        spanId,
        key,
        value,
      ),
      { maxLength: 60 },
    )
    .map((pieces) => pieces.join('')),
);

/** What a getter of a carrier that nobody controls may return. */
export const headerLike = fc.oneof(nearlyHeader, fc.array(nearlyHeader, { maxLength: 5 }), fc.anything());
