// Lets a propagator of another header format run beside the W3C one without losing or inventing its random flag.

import {
  type Context,
  type SpanContext,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
} from '@opentelemetry/api';
import { reportFault } from '../shared/guard.ts';
import { emptyTraceState } from './trace-state.ts';

/**
 * Formats other than W3C say nothing of the trace id's randomness and have no tracestate. When the same trace also came
 * as traceparent, both are kept from there; else the trace id counts as not random. Never throws.
 */
export class ForeignPropagator implements TextMapPropagator {
  readonly #propagator: TextMapPropagator;

  constructor(propagator: TextMapPropagator) {
    this.#propagator = propagator;
  }

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    try {
      this.#propagator.inject(context, carrier, setter);
    } catch (error) {
      reportFault(`writing ${this.fields().join(', ')}`, error);
    }
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    try {
      const extracted = this.#propagator.extract(context, carrier, getter);
      const before = trace.getSpanContext(context);
      const after = trace.getSpanContext(extracted);
      if (after === undefined || after === before) return extracted;
      return trace.setSpanContext(extracted, withOrigin(after, before));
    } catch (error) {
      reportFault(`reading ${this.fields().join(', ')}`, error);
      return context;
    }
  }

  fields(): string[] {
    return this.#propagator.fields();
  }
}

function withOrigin(after: SpanContext, before: SpanContext | undefined): SpanContext {
  const known = before?.traceId === after.traceId ? before.traceState : undefined;
  return { ...after, traceState: known ?? emptyTraceState(false) };
}
