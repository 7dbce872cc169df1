// A run of equal short spans under one parent, on its way to become one span.

import type { Attributes, AttributeValue, HrTime } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { Held } from './held.ts';
import { nodeOfSpan } from './known-spans.ts';
import { revisedSpan } from './revised-span.ts';
import type { SpanNode } from './span-node.ts';
import { SHORT_NS } from './span-rules.ts';

/** Number of spans that a folded one stands for, itself included. */
export const FOLDED_COUNT = 'longpole.folded.count';
/** Sum of their durations; more than the folded span's own where they overlapped, less where there were pauses. */
export const FOLDED_TOTAL_MS = 'longpole.folded.total_ms';
export const FOLDED_MAX_MS = 'longpole.folded.max_ms';
/** Names of the attributes that were not the same on all of them, which the folded span therefore does not have. */
export const FOLDED_VARYING = 'longpole.folded.varying';

/** Fewer than this are exported as they are. */
const SHORTEST_RUN = 5;
/** Attributes that only later spans have are named up to this number of names. */
const MOST_VARYING = 32;

export class Run extends Held {
  readonly parent: SpanNode;
  readonly first: ReadableSpan;
  readonly firstNode: SpanNode;
  /** The spans after the first, until there are enough of them to be folded. */
  others: ReadableSpan[] | undefined = undefined;
  #varying: Set<string> | undefined = undefined;
  #count = 1;
  #totalNs: number;
  #longestNs: number;
  #startTime: HrTime;
  #endTime: HrTime;

  constructor(parent: SpanNode, first: ReadableSpan, firstNode: SpanNode) {
    super();
    this.parent = parent;
    this.first = first;
    this.firstNode = firstNode;
    this.#totalNs = first.duration[1];
    this.#longestNs = this.#totalNs;
    this.#startTime = first.startTime;
    this.#endTime = first.endTime;
  }

  get size(): number {
    return 1 + (this.others?.length ?? 0);
  }

  get isFolded(): boolean {
    return this.#count >= SHORTEST_RUN;
  }

  /** Whether a foldable sibling goes on with this run. */
  isContinuedBy(span: ReadableSpan): boolean {
    const { first } = this;
    return (
      span.name === first.name &&
      span.kind === first.kind &&
      span.status.code === first.status.code &&
      span.instrumentationScope === first.instrumentationScope &&
      nanosBetween(this.#endTime, span.startTime) <= SHORT_NS
    );
  }

  /** Returns how many spans are folded by this one: none, all that have waited, or this one alone. */
  add(span: ReadableSpan): number {
    this.#measure(span);
    if (this.#count > SHORTEST_RUN) {
      this.#foldAway(span);
      return 1;
    }
    this.others ??= [];
    this.others.push(span);
    if (!this.isFolded) return 0;
    const { others } = this;
    this.others = undefined;
    for (const other of others) this.#foldAway(other);
    return others.length;
  }

  /** The one span that stands for all of them. */
  folded(): ReadableSpan {
    const { attributes: common } = this.first;
    const attributes: Attributes = {};
    for (const key in common) if (this.#varying?.has(key) !== true) attributes[key] = common[key];
    attributes[FOLDED_COUNT] = this.#count;
    attributes[FOLDED_TOTAL_MS] = this.#totalNs / 1e6;
    attributes[FOLDED_MAX_MS] = this.#longestNs / 1e6;
    if (this.#varying !== undefined) attributes[FOLDED_VARYING] = [...this.#varying].sort();
    const durationNs = nanosBetween(this.#startTime, this.#endTime);
    return revisedSpan(this.first, {
      attributes,
      startTime: this.#startTime,
      endTime: this.#endTime,
      duration: [Math.floor(durationNs / 1e9), durationNs % 1e9],
    });
  }

  #measure({ startTime, endTime, duration }: ReadableSpan): void {
    const nanoseconds = duration[1];
    this.#count += 1;
    this.#totalNs += nanoseconds;
    if (nanoseconds > this.#longestNs) this.#longestNs = nanoseconds;
    if (nanosBetween(startTime, this.#startTime) > 0) this.#startTime = startTime;
    if (nanosBetween(this.#endTime, endTime) > 0) this.#endTime = endTime;
  }

  #foldAway(span: ReadableSpan): void {
    this.#compare(span.attributes);
    const node = nodeOfSpan(span);
    if (node === undefined) return;
    if (node.isKept) node.root.used -= 1;
    node.isKept = false;
    node.anchor = this.first.spanContext();
    node.heldIn = undefined;
  }

  #compare(attributes: Attributes): void {
    const { attributes: common } = this.first;
    for (const key in common) if (!isSame(common[key], attributes[key])) this.#vary(key);
    for (const key in attributes) if (common[key] === undefined) this.#vary(key);
  }

  #vary(key: string): void {
    this.#varying ??= new Set();
    if (this.#varying.size < MOST_VARYING || key in this.first.attributes) this.#varying.add(key);
  }
}

function isSame(one: AttributeValue | undefined, other: AttributeValue | undefined): boolean {
  if (one === other) return true;
  if (!Array.isArray(one) || !Array.isArray(other)) return false;
  return one.length === other.length && one.every((value, i) => value === other[i]);
}

/** Negative when `to` is before `from`. */
function nanosBetween(from: HrTime, to: HrTime): number {
  return (to[0] - from[0]) * 1e9 + (to[1] - from[1]);
}
