// Tells whether another instrumentation has made a CLIENT span of an outgoing request already.

import http, { type ClientRequest } from 'node:http';
import https from 'node:https';
import { type Context, type Span, SpanKind, trace } from '@opentelemetry/api';
import { getRPCMetadata } from '@opentelemetry/core';
import { parseTraceparent } from '../propagation/traceparent.ts';
import { PACKAGE } from '../shared/version.ts';
import type { UndiciRequest } from './undici-headers.ts';

/** What a recording span of the SDK shows beyond the API's `Span`. */
interface SdkSpan extends Span {
  readonly kind?: SpanKind;
  readonly instrumentationScope?: { readonly name: string };
  readonly parentSpanContext?: { readonly spanId: string };
}

/**
 * Whether somebody's monkey patch has made a span of this request: the patch is there (shimmer marks what it wraps)
 * and it has made a CLIENT span active. A reference taken before the patch goes past it.
 */
export function isTracedByPatch(request: ClientRequest, active: Context): boolean {
  const { request: send } = request.protocol === 'https:' ? https : http;
  if ((send as { __wrapped?: boolean }).__wrapped !== true) return false;
  const span = trace.getSpan(active) as SdkSpan | undefined;
  return span?.kind === SpanKind.CLIENT && span.instrumentationScope?.name !== PACKAGE;
}

/**
 * The `traceparent` of another listener to undici's channels that came first and has made a span of this request. It
 * belongs to the active trace and names a span of its own, neither the active one nor, as a copy of the incoming
 * header would, the caller's.
 */
export function traceparentOfListener(request: UndiciRequest, active: Context): string | undefined {
  const values = traceparentsOf(request.headers);
  const own = trace.getSpanContext(active);
  if (values.length === 0 || own === undefined) return undefined;
  const caller = (getRPCMetadata(active)?.span as SdkSpan | undefined)?.parentSpanContext?.spanId;
  return values.find((value) => {
    const sent = parseTraceparent(value);
    return sent?.traceId === own.traceId && sent.spanId !== own.spanId && sent.spanId !== caller;
  });
}

function traceparentsOf(headers: UndiciRequest['headers']): string[] {
  if (typeof headers === 'string') {
    return [...headers.matchAll(/^traceparent: *(.*)$/gim)].map((match) => match[1] ?? '');
  }
  return headers.filter(
    (value, i) => i % 2 === 1 && headers[i - 1]?.toLowerCase() === 'traceparent' && value,
  );
}
