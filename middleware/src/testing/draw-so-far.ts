// Shows what was captured when a test has waited in vain.

import type { CapturedNode, CapturedTrace, InFlight } from './captured.ts';

/** The tree of each trace, open spans marked, and what is in flight. */
export function drawSoFar(traces: readonly CapturedTrace[]): string {
  if (traces.length === 0) return '  no trace was captured';
  return traces
    .map((trace) =>
      [`trace ${trace.traceId}`, ...trace.roots.flatMap((root) => drawNode(root, '  '))].join('\n'),
    )
    .join('\n');
}

export function inFlightText({ what, name, kind, service }: InFlight): string {
  return what === 'span'
    ? `${service}: ${kind} span '${name}' has not ended`
    : `${service}: the job that '${name}' has ordered with carryContext() has not begun`;
}

function drawNode({ span, children }: CapturedNode, indent: string): string[] {
  const { service, kind, name, endNs, startNs, status } = span;
  const duration = endNs === undefined ? 'OPEN' : `${Number((endNs - startNs) / 10_000n) / 100} ms`;
  const error = status.code === 'ERROR' ? ' ERROR' : '';
  const line = `${indent}${service} ${kind} ${name}  ${duration}${error}`;
  return [line, ...children.flatMap((child) => drawNode(child, `${indent}  `))];
}
