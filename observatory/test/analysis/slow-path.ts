// The critical path by its definition, asked anew for every column of time: slow, and short enough to be seen to be right.
import { minNs } from '../../src/trace/nanoseconds.ts';
import type { Span } from '../../src/trace/span.ts';
import { COLUMN_MS } from '../trace/draw.ts';

const COLUMN_NS = BigInt(COLUMN_MS) * 1_000_000n;

/** The id of the span that the root (the first span) waited for in each column of its time. Spans lie within their parents. */
export function slowPath(spans: readonly Span[]): string[] {
  const root = spans[0] as Span;
  const columns: string[] = [];
  for (let timeNs = root.startNs; timeNs < root.endNs; timeNs += COLUMN_NS) {
    columns.push(ownerAt(timeNs, root, spans).spanId);
  }
  return columns;
}

/** Going back from the end of `parent`: the span that was waited for at a time. */
function ownerAt(timeNs: bigint, parent: Span, spans: readonly Span[]): Span {
  let cursorNs = parent.endNs;
  for (;;) {
    const blocker = lastToFinish(parent, cursorNs, spans);
    if (blocker === undefined) return parent;
    const endNs = minNs(blocker.endNs, cursorNs);
    if (timeNs >= endNs) return parent;
    if (timeNs >= blocker.startNs) return ownerAt(timeNs, blocker, spans);
    cursorNs = blocker.startNs;
  }
}

/** Of the children that had finished, give or take a tenth, the last one; of equal ones the longest, the first in the tree. */
function lastToFinish(parent: Span, cursorNs: bigint, spans: readonly Span[]): Span | undefined {
  const finished = spans.filter((child) => {
    const allowanceNs = (child.endNs - child.startNs) / 10n;
    const isDone = child.startNs < cursorNs && child.endNs <= cursorNs + allowanceNs;
    return child.parentSpanId === parent.spanId && isDone;
  });
  const compare = (a: Span, b: Span): number => {
    return Number(b.endNs - a.endNs) || Number(a.startNs - b.startNs) || (a.spanId < b.spanId ? -1 : 1);
  };
  return finished.sort(compare)[0];
}
