// Reads the trace context of an incoming request, as far as its caller is trusted.

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import {
  type Context,
  type Link,
  propagation,
  type TextMapGetter,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { withUntrustedHeaders } from '../http/context-keys.ts';
import { countDrop } from '../propagation/index.ts';
import { appsOf } from '../shared/apps.ts';
import { reportFault } from '../shared/guard.ts';
import { LEAN_ROOT } from '../shared/lean-context.ts';
import { type Boundary, boundaryOf } from './boundary.ts';
import { isManaged, isTelling, JAEGER_BAGGAGE } from './managed-headers.ts';
import { isPrivateCaller } from './private-caller.ts';

export interface Caller {
  /** All headers of the request: getting them from it is dear. */
  readonly headers: IncomingHttpHeaders;
  /** What the SERVER span starts in. Without a span of the caller's when the caller is not trusted. */
  readonly context: Context;
  /** A link to the span of a caller that is not trusted. */
  readonly links: Link[];
  /** What it is trusted by; `undefined` where it is not. */
  readonly trustedBy: Boundary | undefined;
}

/** Attribute of the link from the root of a new trace to the span of the untrusted caller. */
const LINK_ATTRIBUTES = { 'longpole.link': 'untrusted_caller' };

const NO_LINKS: Link[] = [];

/** Never throws; when reading fails the request is one without context. */
export function readCaller(request: IncomingMessage): Caller {
  let headers: IncomingHttpHeaders = {};
  try {
    ({ headers } = request);
    const boundary = boundaryOf(appsOf(request));
    return trusts(boundary, request, headers) ? readTrusted(headers, boundary) : readUntrusted(headers);
  } catch (fault) {
    reportFault('extracting the context of a request', fault);
    return { headers, context: LEAN_ROOT, links: NO_LINKS, trustedBy: undefined };
  }
}

function trusts(boundary: Boundary, request: IncomingMessage, headers: IncomingHttpHeaders): boolean {
  return boundary.trusts === isPrivateCaller
    ? isPrivateCaller({ socket: request.socket, headers })
    : boundary.trusts(request);
}

/**
 * The caller, read again, where it was trusted and what holds for the request has changed since: an application that
 * nobody could see has got it. `undefined` where that makes no difference.
 */
export function readCallerAgain(request: IncomingMessage, before: Boundary): Caller | undefined {
  const now = boundaryOf(appsOf(request));
  if (before === now) return undefined;
  const isTheSame = now.trusts(request) && areTheSame(before.baggageKeys, now.baggageKeys);
  return isTheSame ? undefined : readCaller(request);
}

function areTheSame(keys: BaggageKeys, others: BaggageKeys): boolean {
  if (keys === undefined || others === undefined) return keys === others;
  return keys.size === others.size && [...keys].every((key) => others.has(key));
}

function readTrusted(headers: IncomingHttpHeaders, trustedBy: Boundary): Caller {
  const context = withListedBaggage(propagation.extract(LEAN_ROOT, headers), trustedBy.baggageKeys);
  return { headers, context, links: NO_LINKS, trustedBy };
}

type BaggageKeys = Boundary['baggageKeys'];

function withListedBaggage(context: Context, baggageKeys: BaggageKeys): Context {
  const baggage = baggageKeys === undefined ? undefined : propagation.getBaggage(context);
  if (baggageKeys === undefined || baggage === undefined) return context;
  const entries = baggage.getAllEntries();
  const listed = entries.filter(([key]) => baggageKeys.has(key));
  countDrop('baggage_key_not_listed', entries.length - listed.length);
  return listed.length === 0
    ? propagation.deleteBaggage(context)
    : propagation.setBaggage(context, propagation.createBaggage(Object.fromEntries(listed)));
}

/**
 * Ids alone are read, for the link. Its flags say nothing, so that no sampler that looks at links can be talked into
 * anything either.
 */
function readUntrusted(headers: IncomingHttpHeaders): Caller {
  const span = trace.getSpanContext(propagation.extract(LEAN_ROOT, headers, idsOnly));
  countUntrusted(headers, span !== undefined);
  const context = Object.keys(headers).some(isManaged) ? withUntrustedHeaders(LEAN_ROOT, headers) : LEAN_ROOT;
  if (span === undefined) return { headers, context, links: NO_LINKS, trustedBy: undefined };
  const { traceId, spanId } = span;
  const origin = { traceId, spanId, traceFlags: TraceFlags.NONE, isRemote: true };
  return {
    headers,
    context,
    links: [{ context: origin, attributes: LINK_ATTRIBUTES }],
    trustedBy: undefined,
  };
}

const idsOnly: TextMapGetter<IncomingHttpHeaders> = {
  get: (headers, name) => (isTelling(name.toLowerCase()) ? undefined : headers[name.toLowerCase()]),
  keys: (headers) => Object.keys(headers).filter((name) => !isTelling(name)),
};

function countUntrusted(headers: IncomingHttpHeaders, hasSpan: boolean): void {
  if (hasSpan) countDrop('untrusted_parent');
  if (headers['tracestate'] !== undefined) countDrop('untrusted_tracestate');
  if (headers['baggage'] !== undefined) countDrop('untrusted_baggage');
  for (const name in headers) if (name.startsWith(JAEGER_BAGGAGE)) countDrop('untrusted_baggage');
}
