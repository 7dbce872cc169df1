// What the checks ask of a span: its attributes as texts and numbers, how it ended, and whom it called.
import { maxNs } from '../../trace/nanoseconds.ts';
import type { SpanNode } from '../../trace/node.ts';
import type { Span } from '../../trace/span.ts';

/** An attribute that is a text; else the empty string. */
export function textOf({ attributes }: Span, key: string): string {
  const value = attributes[key];
  return typeof value === 'string' ? value : '';
}

/** An attribute that is a number; else `undefined`. */
export function numberOf({ attributes }: Span, key: string): number | undefined {
  const value = attributes[key];
  return typeof value === 'bigint' || typeof value === 'number' ? Number(value) : undefined;
}

export function httpStatusOf(span: Span): number | undefined {
  return numberOf(span, 'http.response.status_code') ?? numberOf(span, 'http.status_code');
}

export function methodOf(span: Span): string {
  return textOf(span, 'http.request.method') || textOf(span, 'http.method');
}

export function isFailed(span: Span): boolean {
  return span.status.code === 'ERROR';
}

/** Whether the caller gave the call up, which is no error. */
export function isCancelled(span: Span): boolean {
  return span.attributes['longpole.cancelled'] === true;
}

/** A call that the other side refused (4xx): the CLIENT span is in error, but it is an answer to go by. */
export function isRefused(span: Span): boolean {
  const status = httpStatusOf(span);
  return span.kind === 'CLIENT' && status !== undefined && status >= 400 && status < 500;
}

/** Duration, nanoseconds; 0 of a span that ends before it starts. */
export function durationOf({ startNs, endNs }: Span): bigint {
  return maxNs(0n, endNs - startNs);
}

export function isDatabaseCall(span: Span): boolean {
  const { attributes } = span;
  return 'db.system.name' in attributes || 'db.system' in attributes;
}

/** A request to another program: HTTP, RPC, a database. */
export function isCallOut(span: Span): boolean {
  return span.kind === 'CLIENT' || isDatabaseCall(span);
}

/** The SERVER span that answered a call. */
export function answerOf(node: SpanNode): SpanNode | undefined {
  return node.children.find(({ span }) => span.kind === 'SERVER');
}

/** The path of `url.full` or `url.path`, without the query; the empty string when there is none. */
export function pathOf(span: Span): string {
  const path = textOf(span, 'url.path');
  if (path !== '') return path;
  const url = textOf(span, 'url.full') || textOf(span, 'http.url');
  return /^[a-z][\w+.-]*:\/\/[^/?#]*([^?#]*)/i.exec(url)?.[1] ?? '';
}

/** Whom a call went to: the service that answered, the peer it names, the database or the host. */
export function calleeOf(node: SpanNode): string {
  const { span } = node;
  const answered = answerOf(node)?.span.service ?? '';
  const named = answered || textOf(span, 'service.peer.name') || textOf(span, 'peer.service');
  const database =
    textOf(span, 'db.namespace') || textOf(span, 'db.system.name') || textOf(span, 'db.system');
  return named || database || textOf(span, 'server.address') || textOf(span, 'rpc.service');
}

/** `service · name`, with `(no name)` for a span without one. */
export function labelOf(service: string, operation: string): string {
  return `${service} · ${operation === '' ? '(no name)' : operation}`;
}
