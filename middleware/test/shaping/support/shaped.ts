// A provider whose spans are shaped, with a clock of its own, and the sums that must come out.

import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import {
  type ReadableSpan,
  type Sampler,
  type SpanLimits,
  type SpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { type ShapingOptions, SpanShaper } from '../../../src/shaping/index.ts';

/** Keeps what it is handed, as a batch processor would. */
export class Sink implements SpanProcessor {
  readonly spans: ReadableSpan[] = [];
  started = 0;
  flushes = 0;
  shutdowns = 0;

  onStart(): void {
    this.started += 1;
  }

  onEnd(span: ReadableSpan): void {
    this.spans.push(span);
  }

  async forceFlush(): Promise<void> {
    this.flushes += 1;
  }

  async shutdown(): Promise<void> {
    this.shutdowns += 1;
  }

  named(name: string): ReadableSpan[] {
    return this.spans.filter((span) => span.name === name);
  }

  get names(): string[] {
    return this.spans.map(({ name }) => name);
  }
}

interface Setup extends Partial<ShapingOptions> {
  readonly sampler?: Sampler;
  readonly spanLimits?: SpanLimits;
}

export interface StartOptions {
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
}

export class Shaped {
  readonly sink = new Sink();
  readonly shaper: SpanShaper;
  readonly provider: TracerProvider;
  readonly tracer: Tracer;
  nowMs = 1_700_000_000_000;

  constructor({ spanBudget = 200, foldRuns = true, ...provider }: Setup = {}) {
    this.shaper = new SpanShaper([this.sink], { spanBudget, foldRuns });
    this.provider = new TracerProvider({ ...provider, spanProcessors: [this.shaper] });
    this.tracer = this.provider.getTracer('test');
  }

  request(name = 'GET /'): Span {
    return this.start(name, undefined, { kind: SpanKind.SERVER });
  }

  start(name: string, parent?: Span, options: StartOptions = {}): Span {
    const context = parent === undefined ? ROOT_CONTEXT : contextOf(parent);
    return this.tracer.startSpan(name, { ...options, startTime: this.nowMs }, context);
  }

  end(span: Span, afterMs = 0): void {
    this.nowMs += afterMs;
    span.end(this.nowMs);
  }

  fail(span: Span): void {
    span.setStatus({ code: SpanStatusCode.ERROR });
    this.end(span);
  }

  /** A child that is over at once, or after some time. */
  leaf(name: string, parent: Span, options: StartOptions & { tookMs?: number } = {}): Span {
    const span = this.start(name, parent, options);
    this.end(span, options.tookMs);
    return span;
  }

  leaves(count: number, name: (i: number) => string, parent: Span): Span[] {
    return Array.from({ length: count }, (_, i) => this.leaf(name(i), parent));
  }
}

export function contextOf(span: Span): Context {
  return trace.setSpan(ROOT_CONTEXT, span);
}

/** Spans whose parent is of this process and was not exported. */
export function orphans(spans: readonly ReadableSpan[]): string[] {
  const exported = new Set(spans.map((span) => span.spanContext().spanId));
  return spans
    .filter(({ parentSpanContext: parent }) => parent !== undefined && parent.isRemote !== true)
    .filter(({ parentSpanContext: parent }) => !exported.has(parent?.spanId ?? ''))
    .map(({ name }) => name);
}

/** How many spans of each name the exported ones stand for: themselves, what they have folded, and what was dropped. */
export function accountedFor(spans: readonly ReadableSpan[]): Record<string, number> {
  const counts: Record<string, number> = {};
  const add = (name: string, count: number): void => {
    counts[name] = (counts[name] ?? 0) + count;
  };
  for (const { name, attributes } of spans) {
    add(name, Number(attributes['longpole.folded.count'] ?? 1));
    droppedBelow(attributes).forEach(([dropped, count]) => {
      add(dropped, count);
    });
  }
  return counts;
}

/** Names and counts, after a check that they add up to the total. */
export function droppedBelow(attributes: Attributes): [string, number][] {
  const total = attributes['longpole.dropped_spans'];
  if (total === undefined) return [];
  const names = attributes['longpole.dropped_span_names'] as string[];
  const counts = attributes['longpole.dropped_span_counts'] as number[];
  const sum = counts.reduce((a, b) => a + b, 0);
  if (names.length !== counts.length || sum !== total || names.length > 11) {
    throw new Error(`${total} dropped, but ${JSON.stringify(names)} ${JSON.stringify(counts)}`);
  }
  return names.map((name, i) => [name, counts[i] ?? Number.NaN]);
}
