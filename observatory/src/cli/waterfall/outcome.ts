// How a span ended, in the words of its row, and the error that stands at the bottom of a failed request.

import type { SpanNode } from '../../trace/node.ts';
import type { AttributeMap, AttributeValue, Span } from '../../trace/span.ts';
import type { TraceTree } from '../../trace/tree.ts';
import { spanText } from '../../trace/warning.ts';
import { printable } from '../printable.ts';

/** Names of the status code in use: HTTP semantic conventions now and before 1.21, then gRPC's. */
const STATUS_KEYS = ['http.response.status_code', 'http.status_code', 'rpc.grpc.status_code'];
const FIRST_FAILED_STATUS = 400;
/** What `error.type` says when there is no better word; it adds nothing to the mark of an error. */
const OTHER = '_OTHER';

function statusOf({ attributes }: Span): number | undefined {
  const key = STATUS_KEYS.find((one) => one in attributes);
  const value = key === undefined ? undefined : attributes[key];
  const status = typeof value === 'bigint' || typeof value === 'string' ? Number(value) : value;
  return typeof status === 'number' && Number.isInteger(status) ? status : undefined;
}

export function isFailed({ status }: Span): boolean {
  return status.code === 'ERROR';
}

function textOf(value: AttributeValue | undefined): string {
  return typeof value === 'string' && value !== OTHER ? value : '';
}

function exceptionOf({ events }: Span): AttributeMap | undefined {
  return events.findLast((event) => event.name === 'exception')?.attributes;
}

function errorType(span: Span): string {
  return textOf(span.attributes['error.type']) || textOf(exceptionOf(span)?.['exception.type']);
}

/** ` → 402` or `: TypeError` on a span that failed, and the status on an answer of 400 and more; else the empty string. */
export function outcomeText(span: Span): string {
  const status = statusOf(span);
  const isRefusal = status !== undefined && status >= FIRST_FAILED_STATUS;
  if (isRefusal && (isFailed(span) || span.kind === 'SERVER')) return ` → ${status}`;
  const type = isFailed(span) ? errorType(span) : '';
  return type === '' ? '' : `: ${printable(type)}`;
}

/** What went wrong in a span: type and message, as far as they are known and do not only repeat the status. */
function complaintOf(span: Span): string {
  const exception = exceptionOf(span);
  const message = textOf(exception?.['exception.message']) || span.status.message;
  const type = errorType(span);
  const words = [type === String(statusOf(span)) ? '' : type, message.split('\n')[0] ?? ''];
  return words.filter((word) => word.trim() !== '').join(': ');
}

/** Whether something failed in a span: its status says so, or it answered with 400 or more. */
function isRefused({ span }: SpanNode): boolean {
  return isFailed(span) || (span.kind === 'SERVER' && (statusOf(span) ?? 0) >= FIRST_FAILED_STATUS);
}

/** Of equally deep ones the last in order. */
function deepest(nodes: readonly SpanNode[]): SpanNode | undefined {
  return nodes.reduce<SpanNode | undefined>((a, b) => (b.depth >= (a?.depth ?? 0) ? b : a), undefined);
}

/**
 * `error: payment · POST /charges: CardDeclined: …` for the deepest span that failed and says why, else for the
 * deepest that failed, with its status; `undefined` when no span of the trace failed.
 */
export function deepestError({ nodes }: TraceTree): string | undefined {
  if (!nodes.some(({ span }) => isFailed(span))) return undefined;
  const refused = nodes.filter(isRefused);
  const node = deepest(refused.filter(({ span }) => complaintOf(span) !== '')) ?? deepest(refused);
  if (node === undefined) return undefined;
  const complaint = complaintOf(node.span) || String(statusOf(node.span) ?? 'failed, and does not say why');
  return printable(`error: ${spanText(node.span)}: ${complaint}`);
}
