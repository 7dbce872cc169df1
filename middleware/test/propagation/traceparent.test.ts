// The traceparent header: what is accepted, what is refused, and how it is written.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatTraceparent, parseTraceparent } from '../../src/propagation/index.ts';
import { nearlyHeader, spanId, traceId } from './arbitraries.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('reading traceparent', () => {
  it.each([
    ['version 00, sampled', `00-${TRACE}-${SPAN}-01`, 1],
    ['version 00, not sampled', `00-${TRACE}-${SPAN}-00`, 0],
    ['random', `00-${TRACE}-${SPAN}-02`, 2],
    ['random and sampled', `00-${TRACE}-${SPAN}-03`, 3],
    ['reserved flags, which are read as 0', `00-${TRACE}-${SPAN}-fc`, 0],
    ['all flags', `00-${TRACE}-${SPAN}-ff`, 3],
    ['a later version of the same length', `01-${TRACE}-${SPAN}-01`, 1],
    ['a later version with more fields', `cc-${TRACE}-${SPAN}-03-what-the-future-brings`, 3],
    ['a later version with an empty field', `fe-${TRACE}-${SPAN}-01-`, 1],
  ])('accepts %s', (_what, value, flags) => {
    expect(parseTraceparent(value)).toEqual({ traceId: TRACE, spanId: SPAN, flags });
  });

  it.each([
    ['nothing', ''],
    ['version ff', `ff-${TRACE}-${SPAN}-01`],
    ['version ff with more fields', `ff-${TRACE}-${SPAN}-01-x`],
    ['version in capitals', `CC-${TRACE}-${SPAN}-01`],
    ['a version that is not hex', `0.-${TRACE}-${SPAN}-01`],
    ['a version of one digit', `0-${TRACE}-${SPAN}-01`],
    ['a version of three digits', `000-${TRACE}-${SPAN}-01`],
    ['version 00 with more fields', `00-${TRACE}-${SPAN}-01-x`],
    ['version 00 with a trailing dash', `00-${TRACE}-${SPAN}-01-`],
    ['a later version with something else than a dash', `cc-${TRACE}-${SPAN}-01.x`],
    ['a later version with flags of three digits', `cc-${TRACE}-${SPAN}-011`],
    ['a later version that is cut', `cc-${TRACE}-${SPAN}-0`],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['a trace id in capitals', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['a span id in capitals', `00-${TRACE}-${SPAN.toUpperCase()}-01`],
    ['a trace id that is not hex', `00-${TRACE.slice(1)}g-${SPAN}-01`],
    ['a trace id with a letter beyond ASCII', `00-${TRACE.slice(1)}\u0661-${SPAN}-01`],
    ['a trace id that is too short', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['a trace id that is too long', `00-0${TRACE}-${SPAN}-01`],
    ['flags that are not hex', `00-${TRACE}-${SPAN}-0.`],
    ['flags in capitals', `00-${TRACE}-${SPAN}-0A`],
    ['flags of one digit', `00-${TRACE}-${SPAN}-1`],
    ['no flags', `00-${TRACE}-${SPAN}-`],
    ['underscores for dashes', `00_${TRACE}_${SPAN}_01`],
    ['two headers that Node.js has joined', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
    ['two joined headers of a later version', `cc-${TRACE}-${SPAN}-01-x, 00-${TRACE}-${SPAN}-01`],
  ])('refuses %s', (_what, value) => {
    expect(parseTraceparent(value)).toBeUndefined();
  });

  it('never throws, and what it accepts can be sent on as it is', () => {
    fc.assert(
      fc.property(nearlyHeader, (text) => {
        const parsed = parseTraceparent(text);
        if (parsed === undefined) return;
        expect(formatTraceparent(parsed)).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-0[0-3]$/);
        expect(parsed.traceId).not.toBe('0'.repeat(32));
        expect(parsed.spanId).not.toBe('0'.repeat(16));
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses a valid value with any one character changed to one that is no lower-case hex digit', () => {
    const position = fc.nat({ max: 54 });
    const other = fc.constantFrom(...'ghxyzABF.:_ \u00e9\u0661');
    fc.assert(
      fc.property(traceId, spanId, position, other, (trace, span, at, character) => {
        const valid = `00-${trace}-${span}-01`;
        expect(parseTraceparent(valid.slice(0, at) + character + valid.slice(at + 1))).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
});

describe('writing traceparent', () => {
  it.each([
    [0, '00'],
    [1, '01'],
    [2, '02'],
    [3, '03'],
    [0x0f, '03'],
    [0xff, '03'],
    [0x100, '00'],
  ])('writes the flags %i as two digits, %s', (flags, digits) => {
    expect(formatTraceparent({ traceId: TRACE, spanId: SPAN, flags })).toBe(`00-${TRACE}-${SPAN}-${digits}`);
  });

  it('reads what it has written', () => {
    fc.assert(
      fc.property(traceId, spanId, fc.nat({ max: 3 }), (trace, span, flags) => {
        const context = { traceId: trace, spanId: span, flags };
        expect(parseTraceparent(formatTraceparent(context))).toEqual(context);
      }),
    );
  });

  it('goes down to version 00 whatever version it came from', () => {
    const version = fc.integer({ min: 0, max: 254 }).map((each) => each.toString(16).padStart(2, '0'));
    fc.assert(
      fc.property(version, traceId, spanId, (each, trace, span) => {
        const parsed = parseTraceparent(`${each}-${trace}-${span}-01`);
        expect(parsed && formatTraceparent(parsed)).toBe(`00-${trace}-${span}-01`);
      }),
    );
  });
});
