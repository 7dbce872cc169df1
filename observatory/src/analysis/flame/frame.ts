// A flame graph as data: frames on frames, each with the time of the critical path that was spent in and on it.
import type { PartKind } from '../critical-path.ts';

/** One frame: an operation of a service that was called by the frame it stands on, or time of another kind in that. */
export interface Frame {
  readonly service: string;
  readonly operation: string;
  /** `own` for an operation; else the kind of time, and service and operation are those of the frame it stands on. */
  readonly kind: PartKind;
  /** The service at the other end, for `network` and `queue`; else the empty string. */
  readonly peer: string;
  /** Time on the critical path in this frame and those on it, nanoseconds. */
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
  /** One for each root operation, by name. */
  readonly roots: readonly Frame[];
}
