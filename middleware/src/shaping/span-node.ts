// What is known of a span from its start for as long as anything can be started under it.

import type { SpanContext } from '@opentelemetry/api';
import type { DroppedSpans } from './dropped-spans.ts';
import type { Held } from './held.ts';
import type { LocalRoot } from './local-root.ts';
import type { Run } from './run.ts';

/** What the shaping of spans does for code that comes upon a span that is held back. */
export interface SpanHolder {
  /** Exports what is held, now. */
  release(held: Held): void;
}

export class SpanNode {
  readonly root: LocalRoot;
  readonly context: SpanContext;
  /** The parent; after the span's end the nearest ancestor that was open then. */
  parent: SpanNode | undefined;
  /** Whether the parent had ended when this span started. */
  readonly isDetached: boolean;
  /** Whether it is exported, as far as can be told by now. An open span can become kept; only a folded one stops to be. */
  isKept: boolean;
  /** The nearest exported ancestor, to which the children of a span belong that is not kept itself. */
  anchor: SpanContext | undefined;
  /** The parent to export it with, where its own is not exported. */
  newParent: SpanContext | undefined;
  hasEnded = false;
  hasChildren = false;
  /** Whether its context has left the process, so that spans elsewhere may have it as parent. */
  isSent = false;
  /** The run of equal short spans among its children that is not closed yet. */
  run: Run | undefined = undefined;
  /** The run that this span waits in. */
  heldIn: Run | undefined = undefined;
  /** What was dropped below it. */
  dropped: DroppedSpans | undefined = undefined;

  constructor(root: LocalRoot, context: SpanContext, parent: SpanNode | undefined, isKept: boolean) {
    const isDetached = parent?.hasEnded === true;
    const anchor = parent?.isKept === true ? parent.context : parent?.anchor;
    this.root = root;
    this.context = context;
    this.parent = parent;
    this.isDetached = isDetached;
    this.isKept = isKept;
    this.anchor = anchor;
    this.newParent = isDetached && !parent.isKept ? anchor : undefined;
  }

  get isRoot(): boolean {
    return this.root.context === this.context;
  }
}

/** The nearest ancestor that is still open. */
export function nearestOpen(node: SpanNode): SpanNode | undefined {
  let ancestor = node.parent;
  while (ancestor?.hasEnded === true) ancestor = ancestor.parent;
  return ancestor;
}

/** Lets go of the ancestors that have ended, so that no chain of them grows. Not before the own parent is settled. */
export function letGo(node: SpanNode): void {
  node.parent = nearestOpen(node);
}

/** Sees to it that the span and the ancestors it needs are exported; below one that is dropped already it moves up. */
export function keep(node: SpanNode): void {
  let kept = node;
  while (!kept.isKept) {
    kept.isKept = true;
    kept.root.used += 1;
    const { parent } = kept;
    if (parent === undefined || kept.isDetached) return;
    if (parent.hasEnded) {
      if (!parent.isKept) kept.newParent = parent.anchor;
      return;
    }
    kept = parent;
  }
}
