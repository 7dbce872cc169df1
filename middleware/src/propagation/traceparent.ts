// Reads and writes the value of the traceparent header (W3C Trace Context level 2, "Traceparent Header").

import { isHex, isSpanId, isTraceId } from './hex.ts';

export interface Traceparent {
  /** 32 lower-case hex digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hex digits, not all zero. */
  readonly spanId: string;
  /** The flags that level 2 defines: `SAMPLED`, `RANDOM`. Others are read as 0. */
  readonly flags: number;
}

/** The caller may have recorded the request. */
export const SAMPLED = 0x01;
/** The rightmost 7 bytes of the trace id are random. */
export const RANDOM = 0x02;

const KNOWN_FLAGS = SAMPLED | RANDOM;
const FLAG_BYTES = ['00', '01', '02', '03'] as const;
const DASH = 0x2d;
const LENGTH = 55;

/**
 * Reads a value without whitespace around it; `undefined` when it is not valid. A version after `00` may have more
 * fields behind a dash, which are ignored. A comma is never accepted: it means that the header was sent twice.
 */
export function parseTraceparent(value: string): Traceparent | undefined {
  if (!hasShape(value) || !hasVersion(value)) return undefined;
  const traceId = value.slice(3, 35);
  const spanId = value.slice(36, 52);
  if (!isTraceId(traceId) || !isSpanId(spanId) || !isHex(value, 53, LENGTH)) return undefined;
  return { traceId, spanId, flags: digit(value.charCodeAt(54)) & KNOWN_FLAGS };
}

/** Writes version `00`, always two digits of flags, those that level 2 reserves as 0. */
export function formatTraceparent({ traceId, spanId, flags }: Traceparent): string {
  return `00-${traceId}-${spanId}-${FLAG_BYTES[(flags & KNOWN_FLAGS) as 0 | 1 | 2 | 3]}`;
}

function hasShape(value: string): boolean {
  return (
    value.length >= LENGTH &&
    value.charCodeAt(2) === DASH &&
    value.charCodeAt(35) === DASH &&
    value.charCodeAt(52) === DASH
  );
}

/** Version `ff` is forbidden, and `00` has nothing behind its flags. */
function hasVersion(value: string): boolean {
  if (!isHex(value, 0, 2) || value.startsWith('ff')) return false;
  if (value.length === LENGTH) return true;
  return !value.startsWith('00') && value.charCodeAt(LENGTH) === DASH && !value.includes(',');
}

function digit(code: number): number {
  return code < 0x3a ? code - 0x30 : code - 0x57;
}
