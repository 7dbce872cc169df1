// The lines above a trace: its id, when it started and how large it is.
import type { TraceAnalysis } from '../../analysis/analyze-trace.ts';
import { countText } from '../../trace/duration-text.ts';
import { nsToMs } from '../../trace/nanoseconds.ts';

/** Two lines: the trace's id; start, spans and services. */
export function headerOf({ tree }: TraceAnalysis): string[] {
  const services = new Set(tree.nodes.map((node) => node.span.service)).size;
  const start = new Date(nsToMs(tree.root?.span.startNs ?? 0n));
  const facts = [
    ...(Number.isNaN(start.getTime()) ? [] : [start.toISOString()]),
    countText(tree.nodes.length, 'span'),
    countText(services, 'service'),
  ];
  return [`trace ${tree.traceId}`, facts.join(' · ')];
}
