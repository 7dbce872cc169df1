// Carries the trace context in Jaeger's own headers: uber-trace-id, and uberctx-… for baggage.

import {
  type BaggageEntry,
  type Context,
  isSpanContextValid,
  propagation,
  type SpanContext,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import { countDrop } from './context-drops.ts';
import { readHeader, trimOws } from './header-text.ts';
import { isHex, isSpanId, isTraceId } from './hex.ts';

const TRACE_HEADER = 'uber-trace-id';
const BAGGAGE_PREFIX = 'uberctx-';
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
/** The limits of W3C Baggage, because Jaeger names none. */
const MAX_ENTRIES = 180;
const MAX_ENTRY_LENGTH = 4096;
const MAX_TOTAL_LENGTH = 8192;

/** `{trace id}:{span id}:{parent span id, given up}:{flags}`; ids may come without leading zeros. */
export class JaegerPropagator implements TextMapPropagator {
  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    if (isTracingSuppressed(context)) return;
    const spanContext = trace.getSpanContext(context);
    if (spanContext !== undefined && isSpanContextValid(spanContext)) {
      const { traceId, spanId, traceFlags } = spanContext;
      setter.set(carrier, TRACE_HEADER, `${traceId}:${spanId}:0:${traceFlags & TraceFlags.SAMPLED}`);
    }
    for (const [key, { value }] of propagation.getBaggage(context)?.getAllEntries() ?? [])
      if (HEADER_NAME.test(key)) setter.set(carrier, BAGGAGE_PREFIX + key, encodeURIComponent(value));
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const spanContext = extractSpanContext(readHeader(carrier, getter, TRACE_HEADER));
    const withSpan = spanContext === undefined ? context : trace.setSpanContext(context, spanContext);
    return withBaggage(withSpan, carrier, getter);
  }

  fields(): string[] {
    return [TRACE_HEADER];
  }
}

function extractSpanContext(value: string | undefined): SpanContext | undefined {
  if (value === undefined) return undefined;
  const spanContext = parse(decoded(trimOws(value)) ?? '');
  if (spanContext === undefined) countDrop('uber_trace_id_invalid');
  return spanContext;
}

function parse(value: string): SpanContext | undefined {
  const fields = value.split(':');
  const [shortTraceId = '', shortSpanId = '', , flags = ''] = fields;
  const traceId = shortTraceId.padStart(32, '0');
  const spanId = shortSpanId.padStart(16, '0');
  const areFlags = flags.length > 0 && flags.length <= 2 && isHex(flags, 0, flags.length);
  if (fields.length !== 4 || !isTraceId(traceId) || !isSpanId(spanId) || !areFlags) return undefined;
  return { traceId, spanId, isRemote: true, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED };
}

function withBaggage(context: Context, carrier: unknown, getter: TextMapGetter): Context {
  const entries: [string, BaggageEntry][] = [];
  let length = 0;
  for (const name of getter.keys(carrier)) {
    if (!name.toLowerCase().startsWith(BAGGAGE_PREFIX)) continue;
    const key = name.slice(BAGGAGE_PREFIX.length);
    const value = decoded(readHeader(carrier, getter, name) ?? '');
    if (key === '' || value === undefined) continue;
    const size = key.length + 1 + value.length;
    const fits = size <= MAX_ENTRY_LENGTH && length + size <= MAX_TOTAL_LENGTH;
    if (!fits || entries.length === MAX_ENTRIES) {
      countDrop('uberctx_over_limit');
      continue;
    }
    length += size;
    entries.push([key, { value }]);
  }
  if (entries.length === 0) return context;
  const baggage = propagation.getBaggage(context) ?? propagation.createBaggage();
  return propagation.setBaggage(
    context,
    entries.reduce((all, [key, entry]) => all.setEntry(key, entry), baggage),
  );
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
