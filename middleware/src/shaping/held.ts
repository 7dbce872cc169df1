// Ended spans that are held back for a moment, in a list that spans leave as cheaply as they join it.

import { AsyncResource } from 'node:async_hooks';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { SpanHolder, SpanNode } from './span-node.ts';

/** How often it is looked for what has waited long enough. */
const TICK_MS = 1000;
/** What has been held for a whole tick without news is released: after one to two seconds. */
const LONGEST_TICKS = 2;

/** Spans that are exported later than they ended. */
export abstract class Held {
  previous: Held | undefined = undefined;
  next: Held | undefined = undefined;
  /** The tick of the last news. */
  tick = 0;

  /** Number of ended spans of which nothing is exported, dropped or folded yet. */
  abstract readonly size: number;
}

/** A span past the budget that ended when no span was open to be told; it is exported with the counts itself. */
export class LateCarrier extends Held {
  readonly span: ReadableSpan;
  readonly node: SpanNode;
  readonly size = 1;

  constructor(span: ReadableSpan, node: SpanNode) {
    super();
    this.span = span;
    this.node = node;
  }
}

export class HeldSpans {
  readonly #holder: SpanHolder;
  /** The timer must not keep a request's context alive. */
  readonly #ownContext = new AsyncResource('LONGPOLE_SHAPING', { requireManualDestroy: true });
  #first: Held | undefined;
  #tick = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(holder: SpanHolder) {
    this.#holder = holder;
  }

  get size(): number {
    let size = 0;
    for (let held = this.#first; held !== undefined; held = held.next) size += held.size;
    return size;
  }

  add(held: Held): void {
    held.tick = this.#tick;
    held.next = this.#first;
    if (this.#first !== undefined) this.#first.previous = held;
    this.#first = held;
    this.#timer ??= this.#startTimer();
  }

  touch(held: Held): void {
    held.tick = this.#tick;
  }

  remove(held: Held): void {
    if (held.previous !== undefined) held.previous.next = held.next;
    else if (this.#first === held) this.#first = held.next;
    if (held.next !== undefined) held.next.previous = held.previous;
    held.previous = undefined;
    held.next = undefined;
  }

  releaseAll(): void {
    while (this.#first !== undefined) this.#holder.release(this.#first);
  }

  /** Releases all and holds up nothing any more. */
  stop(): void {
    this.releaseAll();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#ownContext.emitDestroy();
  }

  #startTimer(): NodeJS.Timeout {
    return this.#ownContext.runInAsyncScope(() => setTimeout(() => this.#onTick(), TICK_MS).unref());
  }

  #onTick(): void {
    this.#tick += 1;
    let held = this.#first;
    while (held !== undefined) {
      const { next } = held;
      if (this.#tick - held.tick >= LONGEST_TICKS) this.#holder.release(held);
      held = next;
    }
    this.#timer = this.#first === undefined ? undefined : this.#startTimer();
  }
}
