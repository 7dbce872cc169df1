// One trace as the page draws it.
import type { TraceAnalysis } from '../analysis/analyze-trace.ts';
import { nsToMs } from '../trace/nanoseconds.ts';
import type { Trace } from '../trace/span.ts';
import type { TraceTree } from '../trace/tree.ts';
import { Callees } from './callees.ts';
import { toGroupView } from './groups.ts';
import type { LinkView, PathView, SpanColumns, TraceRow, TraceView, WarningView } from './shapes.ts';
import { toColumns } from './span-columns.ts';

/** What a view needs to know of the traces around. */
export interface Surroundings {
  /** The row of a trace that is stored. */
  rowOf(traceId: string): TraceRow | undefined;
  /** Stored traces whose spans link to this one. */
  readonly linkedFrom: readonly Trace[];
}

const MAX_LINKS = 1_000;

function toPath({ path }: TraceAnalysis, originNs: bigint): PathView[] {
  return path.parts.map(({ node, kind, peer, startNs, endNs }) => ({
    span: node.index,
    kind,
    peer,
    startNs: Number(startNs - originNs),
    durationNs: Number(endNs - startNs),
  }));
}

/** Indexes of spans by their id, made when the first one is asked for: most traces ask for none. */
function lazyIndex({ nodes }: TraceTree): (spanId: string) => number | undefined {
  let byId: Map<string, number> | undefined;
  return (spanId) => {
    byId ??= new Map(nodes.map(({ span, index }) => [span.spanId, index]));
    return byId.get(spanId);
  };
}

type IndexOf = ReturnType<typeof lazyIndex>;

function toWarnings({ warnings }: TraceAnalysis, indexOf: IndexOf): WarningView[] {
  return warnings.map(({ code, message, spanIds }) => ({
    code,
    message,
    spans: spanIds.flatMap((id) => indexOf(id) ?? []),
  }));
}

function linksOut(tree: TraceTree, around: Surroundings): LinkView[] {
  const links: LinkView[] = [];
  for (const { span, index } of tree.nodes) {
    for (const { traceId, spanId } of span.links) {
      if (links.length >= MAX_LINKS) return links;
      links.push({ span: index, traceId, spanId, trace: around.rowOf(traceId) ?? null });
    }
  }
  return links;
}

function linksIn(tree: TraceTree, indexOf: IndexOf, around: Surroundings): LinkView[] {
  return around.linkedFrom.flatMap(({ traceId, spans }) =>
    spans.flatMap(({ spanId, links }) =>
      links
        .filter((link) => link.traceId === tree.traceId)
        .map((link) => ({
          span: indexOf(link.spanId) ?? -1,
          traceId,
          spanId,
          trace: around.rowOf(traceId) ?? null,
        })),
    ),
  );
}

/** From the earliest start to the latest end; a loop, because a call cannot take 100 000 arguments. */
function extentOf({ startNs, durationNs }: SpanColumns): { fromNs: number; toNs: number } {
  let [fromNs, toNs] = [0, 0];
  startNs.forEach((start, index) => {
    fromNs = Math.min(fromNs, start);
    toNs = Math.max(toNs, start + (durationNs[index] ?? 0));
  });
  return { fromNs, toNs };
}

/** Everything the page draws of a trace, except for the details of its spans. */
export function toTraceView(analysis: TraceAnalysis, arrival: number, around: Surroundings): TraceView {
  const { tree, path, sentence, bottleneck, groups } = analysis;
  const indexOf = lazyIndex(tree);
  const callees = new Callees().add(analysis);
  const columns = toColumns(analysis);
  return {
    traceId: tree.traceId,
    arrival,
    startMs: nsToMs(path.startNs),
    durationNs: Number(path.durationNs),
    ...extentOf(columns.spans),
    sentence,
    bottleneck: bottleneck === undefined ? null : toGroupView(bottleneck, callees),
    ...columns,
    path: toPath(analysis, path.startNs),
    groups: groups.map((group) => toGroupView(group, callees)),
    warnings: toWarnings(analysis, indexOf),
    links: linksOut(tree, around),
    linkedFrom: linksIn(tree, indexOf, around),
  };
}
