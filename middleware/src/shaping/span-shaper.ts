// The span processor in front of all others: it decides what one request exports from this process.

import { type Context, TraceFlags } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace';
import { reportFault } from '../shared/guard.ts';
import { soleService } from './app-service.ts';
import { EndedSpans } from './ended-spans.ts';
import { nodeOf, nodeOfSpan, remember } from './known-spans.ts';
import { LocalRoot } from './local-root.ts';
import type { ShapingCounts } from './shaping-counts.ts';
import { limitOf } from './span-budget.ts';
import { SpanNode } from './span-node.ts';
import { startUnder } from './start-under.ts';

export interface ShapingOptions {
  /** Most spans of one request from this process; `0` for no limit. */
  readonly spanBudget: number;
  /** Whether runs of five and more equal short spans become one. */
  readonly foldRuns: boolean;
}

/**
 * Hands the spans of each request on to the processors behind it, up to a budget: INTERNAL and CLIENT spans past it are
 * counted on their nearest exported ancestor instead, and runs of short leaves become one span. Spans with errors are
 * always exported, and no exported span has a parent that is not. A processor behind may get a copy of the span that it
 * saw start, with other attributes, times or another parent, and for a span that is left out gets no end.
 */
export class SpanShaper implements SpanProcessor {
  readonly #processors: readonly SpanProcessor[];
  readonly #budget: number;
  readonly #ended: EndedSpans;
  #isStopped = false;

  constructor(processors: readonly SpanProcessor[], options: ShapingOptions) {
    this.#processors = processors;
    this.#budget = limitOf(options.spanBudget);
    this.#ended = new EndedSpans((span) => this.#handOn(span), options.foldRuns);
  }

  onStart(span: Span, parentContext: Context): void {
    try {
      this.#begin(span);
    } catch (fault) {
      reportFault('shaping a span at its start', fault);
    }
    for (const processor of this.#processors) {
      try {
        processor.onStart(span, parentContext);
      } catch (fault) {
        reportFault('a span processor at the start of a span', fault);
      }
    }
  }

  onEnd(span: ReadableSpan): void {
    const node = this.#isStopped ? undefined : nodeOfSpan(span);
    if (node === undefined || node.root.holder !== this.#ended) {
      this.#handOn(span);
      return;
    }
    try {
      this.#ended.take(span, node);
    } catch (fault) {
      reportFault('shaping a span at its end', fault);
      this.#handOn(span);
    }
  }

  /** Hands on what is held, now: before a flush of the processors behind, and before the process exits. */
  releaseHeld(): void {
    this.#ended.releaseAll();
  }

  async forceFlush(): Promise<void> {
    this.releaseHeld();
    await Promise.all(this.#processors.map((processor) => processor.forceFlush()));
  }

  /** Hands on what is held; spans that end later go on as they are. */
  async shutdown(): Promise<void> {
    if (!this.#isStopped) this.#ended.stop();
    this.#isStopped = true;
    await Promise.all(this.#processors.map((processor) => processor.shutdown()));
  }

  counts(): ShapingCounts {
    return this.#ended.counts();
  }

  #begin(span: Span): void {
    const context = span.spanContext();
    if ((context.traceFlags & TraceFlags.SAMPLED) === 0) return;
    const parent = nodeOf(span.parentSpanContext);
    if (parent?.root.holder === this.#ended) {
      remember(startUnder(parent, span));
    } else if (nodeOf(context) === undefined) {
      const root = new LocalRoot(this.#ended, context, span.kind, this.#budget);
      root.service = soleService();
      remember(new SpanNode(root, context, undefined, true));
    }
  }

  #handOn(span: ReadableSpan): void {
    for (const processor of this.#processors) {
      try {
        processor.onEnd(span);
      } catch (fault) {
        reportFault('a span processor at the end of a span', fault);
      }
    }
  }
}
