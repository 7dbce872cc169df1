// A flame graph as data: frames on frames, each with the time of the critical path that was spent in and below it.
import type { PartKind } from '../critical-path.ts';

/** One frame: an operation of a service, called by the frame it stands on. */
export interface Frame {
  readonly service: string;
  readonly operation: string;
  readonly kind: PartKind;
  /** The service at the other end, for `network`; else the empty string. */
  readonly peer: string;
  /** Time on the critical path in this frame and those above it, nanoseconds. */
  readonly totalNs: bigint;
  /** Time on the critical path in this frame alone, nanoseconds. */
  readonly selfNs: bigint;
  /** By name. */
  readonly children: readonly Frame[];
}

/** Critical paths of one or many traces, merged. */
export interface Flame {
  readonly traces: number;
  readonly totalNs: bigint;
  /** One for each root operation. */
  readonly roots: readonly Frame[];
}
