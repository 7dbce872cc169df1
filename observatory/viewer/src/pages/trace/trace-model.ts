// A trace with what the page computes of it once.
import type { TraceView } from '../../../../src/view/index.ts';
import { type FlatTree, flatTree } from '../../layout/flat-tree.ts';
import { type PathPieces, piecesBySpan } from '../../layout/path-lines.ts';
import type { TimeWindow } from '../../layout/time-window.ts';

export interface TraceModel {
  readonly view: TraceView;
  readonly tree: FlatTree;
  readonly pieces: PathPieces;
  /** From the earliest start to the latest end. */
  readonly whole: TimeWindow;
}

export function toModel(view: TraceView): TraceModel {
  return {
    view,
    tree: flatTree(view.spans.parent),
    pieces: piecesBySpan(view.path, view.spans.id.length),
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
