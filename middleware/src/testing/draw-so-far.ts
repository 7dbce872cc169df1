// Shows what was captured when a test has waited in vain.

import type { CapturedSpan, CapturedTrace, InFlight } from './captured.ts';
import { drawTrace, type Mark } from './drawing/draw-trace.ts';
import { viewOf } from './view/trace-view.ts';

/** The tree of each trace, with a mark on all that is in flight. */
export function drawSoFar(traces: readonly CapturedTrace[]): string {
  if (traces.length === 0) return '  (no trace was captured)';
  return traces.map((trace) => `trace ${trace.traceId}\n${drawOne(trace)}`).join('\n');
}

/** `payment: SERVER span 'POST' has not ended`. */
export function inFlightText({ what, name, kind, service }: InFlight): string {
  return what === 'span'
    ? `${service}: the ${kind} span '${name}' has not ended`
    : `${service}: the job that '${name}' has ordered with carryContext() has not begun`;
}

function drawOne(trace: CapturedTrace): string {
  const view = viewOf(trace);
  const marks = view.nodes.flatMap((node): Mark[] => {
    const notes = trace.inFlight
      .filter(({ spanId }) => spanId === node.span.spanId)
      .map((each) => noteText(each, node.span));
    return notes.length === 0 ? [] : [{ node, sign: '✗', notes }];
  });
  return drawTrace(view, marks);
}

function noteText({ what }: InFlight, { attributes }: CapturedSpan): string {
  if (what === 'job') return 'its job has not begun';
  const method = attributes['http.request.method'];
  const target = attributes['url.path'] ?? attributes['url.full'];
  return method === undefined || target === undefined
    ? 'has not ended'
    : `has not ended: ${method} ${target}`;
}
