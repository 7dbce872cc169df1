// A trace in one row: what `longpole traces` knows of each.
import type { TraceAnalysis } from '../../analysis/analyze-trace.ts';
import { groupText, type PathGroup } from '../../analysis/bottleneck.ts';
import { nsToMs } from '../../trace/nanoseconds.ts';

/** A row of `longpole traces`, and an entry of its `--json`. */
export interface TraceRow {
  readonly traceId: string;
  /** Milliseconds since the Unix epoch. */
  readonly startMs: number;
  /** ISO 8601; `null` when the start is no time. */
  readonly start: string | null;
  readonly durationMs: number;
  /** Service and name of the root span. */
  readonly service: string;
  readonly operation: string;
  readonly spans: number;
  /** Spans with the status ERROR. */
  readonly errors: number;
  /** How many services took part. */
  readonly services: number;
  /** `null` when the root took no measurable time. */
  readonly bottleneck: BottleneckOfTrace | null;
}

export interface BottleneckOfTrace extends Pick<PathGroup, 'kind' | 'service' | 'operation' | 'peer'> {
  readonly selfMs: number;
  /** Of the root's duration, 0 to 1. */
  readonly share: number;
  /** `payment · authorize with acquirer`. */
  readonly text: string;
}

function toBottleneck(group: PathGroup): BottleneckOfTrace {
  const { kind, service, operation, peer, selfNs, share } = group;
  const rounded = Math.round(share * 1e4) / 1e4;
  return { kind, service, operation, peer, selfMs: nsToMs(selfNs), share: rounded, text: groupText(group) };
}

/** The row of a trace; `undefined` for one without spans. */
export function summarizeTrace({ tree, path, bottleneck }: TraceAnalysis): TraceRow | undefined {
  const root = tree.root?.span;
  if (root === undefined) return undefined;
  const startMs = nsToMs(root.startNs);
  const start = new Date(startMs);
  return {
    traceId: tree.traceId,
    startMs,
    start: Number.isNaN(start.getTime()) ? null : start.toISOString(),
    durationMs: nsToMs(path.durationNs),
    service: root.service,
    operation: root.name,
    spans: tree.nodes.length,
    errors: tree.nodes.reduce((sum, { span }) => sum + Number(span.status.code === 'ERROR'), 0),
    services: new Set(tree.nodes.map(({ span }) => span.service)).size,
    bottleneck: bottleneck === undefined ? null : toBottleneck(bottleneck),
  };
}
