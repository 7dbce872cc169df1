// Carries the trace context in the headers traceparent and tracestate (W3C Trace Context level 2).

import {
  type Context,
  isSpanContextValid,
  type SpanContext,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
} from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import { reportFault } from '../shared/guard.ts';
import { OwnSpanContext } from '../shared/own-span-context.ts';
import { countDrop } from './context-drops.ts';
import { readHeader, trimOws } from './header-text.ts';
import { isSpanId, isTraceId } from './hex.ts';
import { traceFlagsOf } from './trace-flags.ts';
import { emptyTraceState, readTraceState } from './trace-state.ts';
import { formatTraceparent, parseTraceparent, RANDOM, type Traceparent } from './traceparent.ts';

const TRACEPARENT = 'traceparent';
const TRACESTATE = 'tracestate';

/**
 * Never throws. What arrives invalid or twice is ignored and counted (`contextDrops()`): with traceparent also
 * tracestate, but not the other way round. A suppressed context sends nothing.
 */
export class W3CPropagator implements TextMapPropagator {
  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    const spanContext = trace.getSpanContext(context);
    if (spanContext === undefined || isTracingSuppressed(context)) return;
    try {
      injectSpanContext(spanContext, carrier, setter);
    } catch (error) {
      reportFault('writing the trace context of a request', error);
    }
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    try {
      const spanContext = extractSpanContext(carrier, getter);
      return spanContext === undefined ? context : trace.setSpanContext(context, spanContext);
    } catch (error) {
      reportFault('reading the trace context of a request', error);
      return context;
    }
  }

  fields(): string[] {
    return [TRACEPARENT, TRACESTATE];
  }
}

function injectSpanContext(spanContext: SpanContext, carrier: unknown, setter: TextMapSetter): void {
  const traceparent = traceparentOf(spanContext);
  if (traceparent === undefined) return;
  setter.set(carrier, TRACEPARENT, traceparent);
  const state = spanContext.traceState?.serialize();
  if (state !== undefined && state !== '') setter.set(carrier, TRACESTATE, state);
}

/** The API also accepts upper-case ids, which B3 senders use, but traceparent does not. */
function traceparentOf(spanContext: SpanContext): string | undefined {
  const { traceId, spanId } = spanContext;
  const flags = traceFlagsOf(spanContext);
  if (spanContext instanceof OwnSpanContext) return formatTraceparent({ traceId, spanId, flags });
  if (isTraceId(traceId) && isSpanId(spanId)) return formatTraceparent({ traceId, spanId, flags });
  if (!isSpanContextValid(spanContext)) return undefined;
  return formatTraceparent({ traceId: traceId.toLowerCase(), spanId: spanId.toLowerCase(), flags });
}

function extractSpanContext(carrier: unknown, getter: TextMapGetter): SpanContext | undefined {
  const parent = readTraceparent(readHeader(carrier, getter, TRACEPARENT));
  const state = readHeader(carrier, getter, TRACESTATE);
  if (parent === undefined) {
    if (state !== undefined) countDrop('tracestate_without_traceparent');
    return undefined;
  }
  const { traceId, spanId, flags } = parent;
  const isRandom = (flags & RANDOM) !== 0;
  const traceState = state === undefined ? emptyTraceState(isRandom) : readTraceState(state, isRandom);
  return new OwnSpanContext(traceId, spanId, flags, traceState, true);
}

function readTraceparent(value: string | undefined): Traceparent | undefined {
  if (value === undefined) return undefined;
  const parent = parseTraceparent(trimOws(value));
  if (parent === undefined) countDrop(value.includes(',') ? 'traceparent_duplicated' : 'traceparent_invalid');
  return parent;
}
