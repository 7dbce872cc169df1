// How a span ended, in the words of its row, and the error a failed request began with.

import { errorChain } from '../../analysis/findings/error-origin.ts';
import type { SpanNode } from '../../trace/node.ts';
import type { AttributeMap, AttributeValue, Span } from '../../trace/span.ts';
import type { TraceTree } from '../../trace/tree.ts';
import { spanText } from '../../trace/warning.ts';
import { printable } from '../printable.ts';

/** Names of the status code in use: HTTP semantic conventions now and before 1.21, then gRPC's. */
const STATUS_KEYS = ['http.response.status_code', 'http.status_code', 'rpc.grpc.status_code'];
const FIRST_FAILED_STATUS = 400;
const FIRST_FAILED_SERVER_STATUS = 500;
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

/** An answer of 4xx is less than an error: what was refused may be all the request asked for. */
function badnessOf(node: SpanNode): number {
  if (!isRefused(node)) return 0;
  const status = statusOf(node.span) ?? FIRST_FAILED_SERVER_STATUS;
  return status >= FIRST_FAILED_STATUS && status < FIRST_FAILED_SERVER_STATUS ? 1 : 2;
}

/** The root when it failed; else the first of the worst that did, which the request went on without. */
function firstFailed({ root, nodes }: TraceTree): SpanNode | undefined {
  if (root !== undefined && isRefused(root)) return root;
  return nodes.find((node) => badnessOf(node) === 2) ?? nodes.find(isRefused);
}

/**
 * `error: payment · POST /charges: CardDeclined: …` for the span where the error of the request began, or the nearest
 * one above it that says why when that one does not; `undefined` when no span of the trace failed.
 */
export function firstError(tree: TraceTree): string | undefined {
  const from = tree.nodes.some(({ span }) => isFailed(span)) ? firstFailed(tree) : undefined;
  if (from === undefined) return undefined;
  const chain = errorChain(from, badnessOf);
  const node = chain.findLast(({ span }) => complaintOf(span) !== '') ?? chain.at(-1) ?? from;
  const complaint = complaintOf(node.span) || String(statusOf(node.span) ?? 'failed, and does not say why');
  return printable(`error: ${spanText(node.span)}: ${complaint}`);
}
