// Jaeger's ids and references: which reference is the parent, which ones are links.
import type { SpanLink } from '../trace/span.ts';
import { SPAN_ID_BYTES, TRACE_ID_BYTES } from './ids.ts';
import { asObject, type JsonObject, readString } from './read-json.ts';
import { showValue, WireError } from './wire-error.ts';

export interface Reference {
  readonly isChild: boolean;
  readonly traceId: string;
  readonly spanId: string;
}

const HEX_NOT_ZERO = /^[0-9a-f]*[1-9a-f][0-9a-f]*$/;

/** An id of `bytes` bytes in full length; Jaeger may leave its leading zeros out. */
export function readJaegerId(owner: JsonObject, key: string, bytes: number): string {
  const value = owner[key];
  const hex = typeof value === 'string' ? value.toLowerCase().padStart(bytes * 2, '0') : '';
  if (hex.length === bytes * 2 && HEX_NOT_ZERO.test(hex)) return hex;
  const expected = `up to ${bytes * 2} hex digits that are not all zero`;
  throw new WireError('ERR_LONGPOLE_WIRE_ID', key, `expected ${expected}, got ${showValue(value)}`);
}

/** One item of `references`. */
export function readReference(item: unknown): Reference {
  const json = asObject(item);
  return {
    isChild: readString(json, 'refType', 'CHILD_OF') !== 'FOLLOWS_FROM',
    traceId: readJaegerId(json, 'traceID', TRACE_ID_BYTES),
    spanId: readJaegerId(json, 'spanID', SPAN_ID_BYTES),
  };
}

/**
 * The parent's span id: the first CHILD_OF within the trace, else the first FOLLOWS_FROM within it, else the
 * deprecated `parentSpanID`, else the empty string.
 */
export function parentOf(span: JsonObject, references: readonly Reference[], traceId: string): string {
  const local = references.filter((reference) => reference.traceId === traceId);
  const parent = local.find((reference) => reference.isChild) ?? local[0];
  if (parent !== undefined) return parent.spanId;
  const old = span['parentSpanID'];
  const isSet = typeof old === 'string' && /[^0]/.test(old);
  return isSet ? readJaegerId(span, 'parentSpanID', SPAN_ID_BYTES) : '';
}

function toLink(reference: Reference): SpanLink {
  return {
    traceId: reference.traceId,
    spanId: reference.spanId,
    traceState: '',
    attributes: { 'opentracing.ref_type': reference.isChild ? 'child_of' : 'follows_from' },
    droppedAttributesCount: 0,
    flags: 0,
  };
}

/**
 * Every reference but the CHILD_OF to the parent, as links. A FOLLOWS_FROM to the parent stays a link too,
 * so that it is known that the parent did not wait for the span.
 */
export function linksOf(references: readonly Reference[], traceId: string, parentSpanId: string): SpanLink[] {
  const isParent = (one: Reference) => one.isChild && one.traceId === traceId && one.spanId === parentSpanId;
  return references.filter((one) => !isParent(one)).map(toLink);
}
