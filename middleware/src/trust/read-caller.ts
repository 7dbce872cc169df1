// Reads the trace context of an incoming request, as far as its caller is trusted.

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import {
  type Context,
  type Link,
  propagation,
  ROOT_CONTEXT,
  type TextMapGetter,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { withUntrustedHeaders } from '../http/context-keys.ts';
import { countDrop } from '../propagation/index.ts';
import { appsOf } from '../shared/apps.ts';
import { reportFault } from '../shared/guard.ts';
import { type Boundary, boundaryOf } from './boundary.ts';
import { isManaged, isTelling, JAEGER_BAGGAGE } from './managed-headers.ts';

export interface Caller {
  /** What the SERVER span starts in. Without a span of the caller's when the caller is not trusted. */
  readonly context: Context;
  /** A link to the span of a caller that is not trusted. */
  readonly links: Link[];
  readonly isTrusted: boolean;
}

/** Attribute of the link from the root of a new trace to the span of the untrusted caller. */
const LINK_ATTRIBUTES = { 'longpole.link': 'untrusted_caller' };

const NO_LINKS: Link[] = [];

const TRUSTED_BY = Symbol.for('@longpole/express/trusted-by');

/** What the request's caller was trusted by; unset where it was not. */
type Trusted = { [TRUSTED_BY]?: Boundary | undefined };

/** Never throws; when reading fails the request is one without context. */
export function readCaller(request: IncomingMessage): Caller {
  try {
    const boundary = boundaryOf(appsOf(request));
    const isTrusted = boundary.trusts(request);
    if (isTrusted) (request as Trusted)[TRUSTED_BY] = boundary;
    else if (TRUSTED_BY in request) (request as Trusted)[TRUSTED_BY] = undefined;
    return isTrusted ? readTrusted(request.headers, boundary.baggageKeys) : readUntrusted(request.headers);
  } catch (fault) {
    reportFault('extracting the context of a request', fault);
    return { context: ROOT_CONTEXT, links: NO_LINKS, isTrusted: false };
  }
}

/**
 * The caller, read again, where it was trusted and what holds for the request has changed since: an application that
 * nobody could see has got it. `undefined` where that makes no difference.
 */
export function readCallerAgain(request: IncomingMessage): Caller | undefined {
  const before = (request as Trusted)[TRUSTED_BY];
  const now = boundaryOf(appsOf(request));
  if (before === undefined || before === now) return undefined;
  const isTheSame = now.trusts(request) && areTheSame(before.baggageKeys, now.baggageKeys);
  if (isTheSame) (request as Trusted)[TRUSTED_BY] = now;
  return isTheSame ? undefined : readCaller(request);
}

function areTheSame(keys: BaggageKeys, others: BaggageKeys): boolean {
  if (keys === undefined || others === undefined) return keys === others;
  return keys.size === others.size && [...keys].every((key) => others.has(key));
}

function readTrusted(headers: IncomingHttpHeaders, baggageKeys: BaggageKeys): Caller {
  const context = withListedBaggage(propagation.extract(ROOT_CONTEXT, headers), baggageKeys);
  return { context, links: NO_LINKS, isTrusted: true };
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
  const span = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, headers, idsOnly));
  countUntrusted(headers, span !== undefined);
  const context = Object.keys(headers).some(isManaged)
    ? withUntrustedHeaders(ROOT_CONTEXT, headers)
    : ROOT_CONTEXT;
  if (span === undefined) return { context, links: NO_LINKS, isTrusted: false };
  const { traceId, spanId } = span;
  const origin = { traceId, spanId, traceFlags: TraceFlags.NONE, isRemote: true };
  return { context, links: [{ context: origin, attributes: LINK_ATTRIBUTES }], isTrusted: false };
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
