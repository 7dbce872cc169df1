// A trace with what the page computes of it once.
import type { TraceView } from '../../../../src/view/index.ts';
import { type FlatTree, flatTree } from '../../layout/flat-tree.ts';
import { type PathPieces, piecesBySpan } from '../../layout/path-lines.ts';
import type { TimeWindow } from '../../layout/time-window.ts';

export interface TraceModel {
  readonly view: TraceView;
  readonly tree: FlatTree;
  readonly pieces: PathPieces;
  /** What is wrong with a span, by its index: codes of the trace's warnings. */
  readonly marks: ReadonlyMap<number, readonly string[]>;
  /** From the earliest start to the latest end. */
  readonly whole: TimeWindow;
}

/** In a few words, what the codes of warnings mean for one span. */
export const MARK_TEXTS: Readonly<Record<string, string>> = {
  'missing-parent': 'parent missing',
  'missing-root': 'no root',
  'several-roots': 'another root',
  'parent-cycle': 'circle of parents',
  'duplicate-spans': 'sent twice',
  'ends-before-start': 'no end',
  'starts-before-parent': 'starts too early',
  'clock-skew': 'clock moved',
  'lost-context': 'context lost',
};

/** Codes of warnings by span. */
export function marksOf({ warnings }: Pick<TraceView, 'warnings'>): Map<number, string[]> {
  const marks = new Map<number, string[]>();
  for (const { code, spans } of warnings) {
    for (const span of new Set(spans)) marks.set(span, [...(marks.get(span) ?? []), code]);
  }
  return marks;
}

export function toModel(view: TraceView): TraceModel {
  return {
    view,
    tree: flatTree(view.spans.parent),
    pieces: piecesBySpan(view.path, view.spans.id.length),
    marks: marksOf(view),
    whole: { fromNs: view.fromNs, toNs: Math.max(view.toNs, view.fromNs + 1) },
  };
}

/** Service and name of a span. */
export function labelOf(
  { services, names, spans }: TraceView,
  span: number,
): { service: string; name: string } {
  return {
    service: services[spans.service[span] ?? -1] ?? '',
    name: names[spans.name[span] ?? -1] ?? '',
  };
}
