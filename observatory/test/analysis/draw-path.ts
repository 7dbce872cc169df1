// The critical path as a drawing: one column 10 milliseconds of the root, the letter of the span it was spent in.
import { analyzeTrace, type TraceAnalysis } from '../../src/analysis/analyze-trace.ts';
import { nsToMs } from '../../src/trace/nanoseconds.ts';
import { COLUMN_MS, draw, shortId } from '../trace/draw.ts';

/** The path of an analysis; network time is in capitals. */
export function drawPath({ path }: TraceAnalysis): string {
  const columns = path.parts.map((part) => {
    const id = shortId(part.node.span.spanId);
    const letter = part.kind === 'network' ? id.toUpperCase() : id;
    return letter.repeat(nsToMs(part.endNs - part.startNs) / COLUMN_MS);
  });
  return columns.join('');
}

/** Analyses a drawn trace. */
export function analyze(picture: string): TraceAnalysis {
  return analyzeTrace(draw(picture));
}

/** The path of a drawn trace. */
export function pathOf(picture: string): string {
  return drawPath(analyze(picture));
}
