// Span kinds and status codes of OTLP: numbers, their Protocol Buffers names, and the domain's words.
import type { SpanKind, SpanStatus } from '../trace/span.ts';
import type { JsonObject } from './read-json.ts';
import { showValue, WireError } from './wire-error.ts';

const KINDS: readonly SpanKind[] = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const CODES: readonly SpanStatus['code'][] = ['UNSET', 'OK', 'ERROR'];

function readEnum<T extends string>(owner: JsonObject, key: string, words: readonly T[], prefix: string): T {
  const value = owner[key] ?? 0;
  const [first] = words as readonly [T, ...T[]];
  if (typeof value === 'number' && Number.isInteger(value)) return words[value] ?? first;
  const word = typeof value === 'string' ? words.find((one) => value === prefix + one) : undefined;
  if (word !== undefined) return word;
  const expected = `0 to ${words.length - 1} or a name such as "${prefix}${words.at(-1)}"`;
  throw new WireError('ERR_LONGPOLE_WIRE_ENUM', key, `expected ${expected}, got ${showValue(value)}`);
}

/** The span kind of a number; a number that is not defined (yet) is `UNSPECIFIED`. */
export function kindWord(kind: number): SpanKind {
  return KINDS[kind] ?? 'UNSPECIFIED';
}

/** The status code of a number; a number that is not defined (yet) is `UNSET`. */
export function codeWord(code: number): SpanStatus['code'] {
  return CODES[code] ?? 'UNSET';
}

/** The span kind in `kind`; absent, or a number that is not defined (yet), is `UNSPECIFIED`. */
export function readKind(owner: JsonObject): SpanKind {
  return readEnum(owner, 'kind', KINDS, 'SPAN_KIND_');
}

/** The status code in `code`; absent, or a number that is not defined (yet), is `UNSET`. */
export function readStatusCode(owner: JsonObject): SpanStatus['code'] {
  return readEnum(owner, 'code', CODES, 'STATUS_CODE_');
}

/** The number of a span kind in `opentelemetry.proto.trace.v1.Span.SpanKind`. */
export function kindNumber(kind: SpanKind): number {
  return KINDS.indexOf(kind);
}

/** The number of a status code in `opentelemetry.proto.trace.v1.Status.StatusCode`. */
export function statusNumber(code: SpanStatus['code']): number {
  return CODES.indexOf(code);
}
