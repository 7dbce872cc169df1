// What a trace would have looked like if some of its spans were faster, gone or side by side.
import type { SpanNode } from '../trace/node.ts';
import type { PathGroup } from './bottleneck.ts';
import type { CriticalPath } from './critical-path.ts';
import type { Timeline } from './timeline.ts';

/** Which spans a change is about: all that have the service and the name, as far as each is given. */
export interface SpanMatch {
  /** `service.name` of the span. */
  readonly service?: string;
  /** Name of the span. */
  readonly operation?: string;
}

/** A change to the spans that match, each with everything it waited for. */
export type Change =
  /** They take `factor` times as long: 0.5 halves them, 1 changes nothing, 0 makes them instant. */
  | { readonly kind: 'scale'; readonly match: SpanMatch; readonly factor: number }
  /** They do not happen, nor the call that led to them. */
  | { readonly kind: 'remove'; readonly match: SpanMatch }
  /** Those of one parent start side by side instead of one after the other. */
  | { readonly kind: 'parallel'; readonly match: SpanMatch };

/** A trace replayed with a change. */
export interface WhatIf {
  readonly change: Change;
  /** The spans below the root that the change was applied to; none: nothing matched. */
  readonly changed: readonly SpanNode[];
  readonly beforeNs: bigint;
  readonly afterNs: bigint;
  /** When each span of the trace would have run. */
  readonly timeline: Timeline;
  readonly path: CriticalPath;
  /** The new critical path by operation, the largest first. */
  readonly groups: readonly PathGroup[];
  /** What would hold the request up then; `undefined` when it would take no time. */
  readonly bottleneck: PathGroup | undefined;
  /** The answer in one sentence. */
  readonly sentence: string;
}
