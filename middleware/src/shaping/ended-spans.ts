// Settles what becomes of every ended span: exported, dropped, folded, or held until that can be told.

import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { resourceNamed } from './app-service.ts';
import { DroppedSpans } from './dropped-spans.ts';
import { type Held, HeldSpans, LateCarrier } from './held.ts';
import { nodeOfSpan } from './known-spans.ts';
import { revisedSpan } from './revised-span.ts';
import { Run } from './run.ts';
import type { ShapingCounts } from './shaping-counts.ts';
import { keep, letGo, nearestOpen, type SpanHolder, type SpanNode } from './span-node.ts';
import { hasFailed, isFoldable } from './span-rules.ts';

export class EndedSpans implements SpanHolder {
  readonly #handOn: (span: ReadableSpan) => void;
  readonly #foldRuns: boolean;
  readonly #held = new HeldSpans(this);
  #dropped = 0;
  #folded = 0;

  /** `handOn` takes what is exported and never throws. */
  constructor(handOn: (span: ReadableSpan) => void, foldRuns: boolean) {
    this.#handOn = handOn;
    this.#foldRuns = foldRuns;
  }

  take(span: ReadableSpan, node: SpanNode): void {
    if (node.run !== undefined) this.release(node.run);
    node.hasEnded = true;
    if (node.isRoot) node.root.hasEnded = true;
    if (!node.isKept && hasFailed(span)) keep(node);
    if (!this.#joinRun(span, node)) this.#settle(span, node);
    letGo(node);
  }

  release(held: Held): void {
    this.#held.remove(held);
    if (held instanceof Run) {
      this.#releaseRun(held);
    } else if (held instanceof LateCarrier) {
      held.node.root.carrier = undefined;
      this.#export(held.span, held.node);
    }
  }

  releaseAll(): void {
    this.#held.releaseAll();
  }

  /** Releases all. Nothing may be taken after it. */
  stop(): void {
    this.#held.stop();
  }

  counts(): ShapingCounts {
    return { spanBudget: this.#dropped, folded: this.#folded, held: this.#held.size };
  }

  /** Whether the span waits with its equals now, or was folded into them. */
  #joinRun(span: ReadableSpan, node: SpanNode): boolean {
    const { parent } = node;
    if (!this.#foldRuns || parent === undefined || parent.hasEnded || node.isDetached) return false;
    const { run } = parent;
    const canFold = isFoldable(span, node);
    if (run !== undefined && canFold && run.isContinuedBy(span)) {
      node.heldIn = run;
      this.#folded += run.add(span);
      this.#held.touch(run);
      return true;
    }
    if (run !== undefined) this.release(run);
    if (!canFold || !node.isKept) return false;
    node.heldIn = parent.run = new Run(parent, span, node);
    this.#held.add(node.heldIn);
    return true;
  }

  #releaseRun(run: Run): void {
    run.parent.run = undefined;
    run.firstNode.heldIn = undefined;
    this.#settle(run.isFolded ? run.folded() : run.first, run.firstNode);
    if (run.others === undefined) return;
    for (const span of run.others) {
      const node = nodeOfSpan(span);
      if (node === undefined) continue;
      node.heldIn = undefined;
      this.#settle(span, node);
    }
  }

  #settle(span: ReadableSpan, node: SpanNode): void {
    if (node.isKept) this.#export(span, node);
    else this.#drop(span, node);
  }

  #export(span: ReadableSpan, node: SpanNode): void {
    const { dropped, newParent } = node;
    const { service } = node.root;
    if (dropped === undefined && newParent === undefined && service === undefined) {
      this.#handOn(span);
      return;
    }
    // A copy, and not `setAttribute`: the limit for the number of attributes must not cost the count.
    const attributes = { ...span.attributes, ...dropped?.attributes() };
    const parent = newParent === undefined ? {} : { parentSpanContext: newParent };
    const resource = service === undefined ? {} : { resource: resourceNamed(span, service) };
    this.#handOn(revisedSpan(span, { attributes, ...parent, ...resource }));
  }

  /** Counts the span on the nearest open ancestor. One that is dropped later passes its counts on the same way. */
  #drop(span: ReadableSpan, node: SpanNode): void {
    const heir = nearestOpen(node) ?? node.root.carrier?.node;
    if (heir === undefined) {
      this.#makeCarrier(span, node);
      return;
    }
    this.#dropped += 1;
    heir.dropped ??= new DroppedSpans();
    heir.dropped.add(span.name);
    if (node.dropped !== undefined) heir.dropped.addAll(node.dropped);
  }

  /** Nobody is open any more to be told: this span is exported after all, a little later, with the counts till then. */
  #makeCarrier(span: ReadableSpan, node: SpanNode): void {
    keep(node);
    node.root.carrier = new LateCarrier(span, node);
    this.#held.add(node.root.carrier);
  }
}
