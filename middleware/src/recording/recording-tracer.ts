// Starts recording spans, and spans that only carry ids where the sampler wants none.

import {
  type Attributes,
  type Context,
  context as contextApi,
  INVALID_SPAN_CONTEXT,
  type Link,
  SamplingDecision,
  type Span,
  type SpanContext,
  SpanKind,
  type SpanOptions,
  TraceFlags,
  type Tracer,
  type TraceState,
  trace,
} from '@opentelemetry/api';
import { type InstrumentationScope, isTracingSuppressed } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { IdGenerator, Sampler, SamplingResult, SpanProcessor } from '@opentelemetry/sdk-trace';
import { type HeadSampler, isHeadSampler } from '../sampling/samplers.ts';
import { now, toHrTime } from '../shared/clock.ts';
import { isValidContext, OwnSpanContext } from '../shared/own-span-context.ts';
import { AttributeList } from './attribute-list.ts';
import type { Limits } from './limits.ts';
import { RandomIds } from './random-ids.ts';
import { RecordedSpan, type SpanDraft, type SpanMaker } from './recorded-span.ts';
import { hrTimeOf } from './span-time.ts';

export interface RecordingParts {
  readonly resource: Resource;
  readonly sampler: Sampler;
  readonly limits: Limits;
  readonly ids: IdGenerator;
  readonly processor: SpanProcessor;
}

const NO_LINKS: readonly Link[] = [];

export class RecordingTracer implements Tracer {
  readonly #parts: RecordingParts;
  readonly #maker: SpanMaker;
  /** The sampler, where it decides by what is known without asking. */
  readonly #headSampler: HeadSampler | undefined;
  readonly #hasOwnIds: boolean;

  constructor(scope: InstrumentationScope, parts: RecordingParts) {
    this.#parts = parts;
    this.#headSampler = isHeadSampler(parts.sampler) ? parts.sampler : undefined;
    this.#hasOwnIds = parts.ids instanceof RandomIds;
    const { resource, limits, processor } = parts;
    this.#maker = { resource, scope, limits, ended: (span) => processor.onEnd(span) };
  }

  /** What `startSpan` of the trace API does (OpenTelemetry trace API, "Span Creation"). */
  startSpan(name: string, options: SpanOptions = {}, context: Context = contextApi.active()): Span {
    if (isTracingSuppressed(context)) return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
    const { kind = SpanKind.INTERNAL, links = NO_LINKS, startTime, attributes } = options;
    const startMoment = startTime === undefined ? now() : undefined;
    const draft: SpanDraft = {
      name,
      kind,
      links,
      startTime: startMoment === undefined ? hrTimeOf(startTime) : toHrTime(startMoment),
      startMoment,
      attributesWithin: (limits) => listOf(attributes, limits),
    };
    return this.startDraft(draft, options.root === true ? trace.deleteSpan(context) : context);
  }

  /** The same for a span whose name, kind, links and start are as they must be, in a context that is not suppressed. */
  startDraft(draft: SpanDraft, context: Context): Span {
    const { ids, processor } = this.#parts;
    const parent = parentIn(context);
    const traceId = parent === undefined ? ids.generateTraceId() : parent.traceId;
    const { decision, traceState, attributes } = this.#decide(draft, context, parent, traceId);
    const isSampled = decision === SamplingDecision.RECORD_AND_SAMPLED;
    const flags = isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
    const state = traceState ?? parent?.traceState;
    const spanContext = this.#contextOf(traceId, ids.generateSpanId(), flags, state, parent);
    if (decision === SamplingDecision.NOT_RECORD) return trace.wrapSpanContext(spanContext);
    const span = new RecordedSpan(this.#maker, draft, spanContext, parent);
    if (attributes !== undefined) span.setAttributes(attributes);
    processor.onStart(span, context);
    return span;
  }

  startActiveSpan<F extends (span: Span) => unknown>(name: string, fn: F): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    options: SpanOptions,
    fn: F,
  ): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    options: SpanOptions,
    context: Context,
    fn: F,
  ): ReturnType<F>;
  startActiveSpan<F extends (span: Span) => unknown>(
    name: string,
    ...rest: [F] | [SpanOptions, F] | [SpanOptions, Context, F]
  ): ReturnType<F> {
    const fn = rest.at(-1) as F;
    const options = rest.length > 1 ? (rest[0] as SpanOptions) : {};
    const parent = (rest.length > 2 ? (rest[1] as Context) : undefined) ?? contextApi.active();
    const span = this.startSpan(name, options, parent);
    return contextApi.with(trace.setSpan(parent, span), fn as (span: Span) => ReturnType<F>, undefined, span);
  }

  /** What a caller in another process has sent may have upper-case ids, and a generator may make anything. */
  #contextOf(
    traceId: string,
    spanId: string,
    traceFlags: TraceFlags,
    traceState: TraceState | undefined,
    parent: SpanContext | undefined,
  ): SpanContext {
    if (this.#hasOwnIds && (parent === undefined || parent instanceof OwnSpanContext))
      return new OwnSpanContext(traceId, spanId, traceFlags, traceState, undefined);
    return { traceId, spanId, traceFlags, traceState } as SpanContext;
  }

  #decide(
    draft: SpanDraft,
    context: Context,
    parent: SpanContext | undefined,
    traceId: string,
  ): SamplingResult {
    if (this.#headSampler !== undefined) return this.#headSampler.decide(parent, traceId);
    const { sampler, limits } = this.#parts;
    const { name, kind, links } = draft;
    const attributes = draft.attributesWithin(limits).toObject();
    return sampler.shouldSample(context, traceId, name, kind, attributes, links as Link[]);
  }
}

function listOf(attributes: Attributes | undefined, limits: Limits): AttributeList {
  const list = new AttributeList([], limits);
  if (typeof attributes !== 'object' || attributes === null) return list;
  for (const name of Object.keys(attributes)) list.set(name, attributes[name]);
  return list;
}

/** The span context that the new span is a child of. Those of our own spans are valid. */
function parentIn(context: Context): SpanContext | undefined {
  const span = trace.getSpan(context);
  const parent = span?.spanContext();
  if (parent === undefined || span instanceof RecordedSpan) return parent;
  return isValidContext(parent) ? parent : undefined;
}
