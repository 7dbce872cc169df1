// Keeps the calls that a test itself makes out of the traces of the application.

import {
  type Context,
  context as contextApi,
  INVALID_SPAN_CONTEXT,
  type Span,
  SpanKind,
  type SpanOptions,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';

/**
 * A provider for instrumentations whose tracers make no CLIENT span, and send no context, for a call that belongs to
 * no request, job or span: with supertest or `fetch` that is the test's.
 */
export class WithoutCallsOfTest implements TracerProvider {
  readonly #provider: TracerProvider;

  constructor(provider: TracerProvider) {
    this.#provider = provider;
  }

  getTracer(...scope: Parameters<TracerProvider['getTracer']>): Tracer {
    const tracer = this.#provider.getTracer(...scope);
    return {
      startSpan: (name: string, options?: SpanOptions, parent: Context = contextApi.active()): Span =>
        options?.kind === SpanKind.CLIENT && trace.getSpanContext(parent) === undefined
          ? trace.wrapSpanContext(INVALID_SPAN_CONTEXT)
          : tracer.startSpan(name, options, parent),
      startActiveSpan: tracer.startActiveSpan.bind(tracer),
    };
  }
}
