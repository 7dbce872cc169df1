// Numbers of OTLP's enums -> the domain's words.
import type { SpanKind, SpanStatus } from '../../trace/span.ts';

const KINDS: readonly SpanKind[] = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const CODES: readonly SpanStatus['code'][] = ['UNSET', 'OK', 'ERROR'];

/** The span kind of a number; a number that is not defined (yet) is `UNSPECIFIED`. */
export function kindWord(kind: number): SpanKind {
  return KINDS[kind] ?? 'UNSPECIFIED';
}

/** The status code of a number; a number that is not defined (yet) is `UNSET`. */
export function codeWord(code: number): SpanStatus['code'] {
  return CODES[code] ?? 'UNSET';
}
