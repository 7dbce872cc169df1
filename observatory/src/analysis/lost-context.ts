// Calls whose answer should be in the trace and is not: the context was probably lost on the way.
import type { SpanNode } from '../trace/node.ts';
import type { Span } from '../trace/span.ts';
import type { TraceTree } from '../trace/tree.ts';
import { type TraceWarning, warnAbout } from '../trace/warning.ts';

/** The service that an HTTP call without an answer went to, if it succeeded and says so in `service.peer.name`. */
function unansweredPeer({ span, children }: SpanNode): string | undefined {
  if (span.kind !== 'CLIENT' || span.status.code === 'ERROR') return undefined;
  const peer = span.attributes['service.peer.name'];
  if (typeof peer !== 'string') return undefined;
  if (!('http.response.status_code' in span.attributes)) return undefined;
  return children.some((child) => child.span.kind === 'SERVER') ? undefined : peer;
}

/**
 * A warning for each pair of services between which calls over HTTP got an answer while the called service has no
 * span in the trace. Calls that failed are left out: they may never have reached the service.
 */
export function lostContextWarnings(tree: TraceTree): TraceWarning[] {
  const present = new Set(tree.nodes.map((node) => node.span.service));
  const byPair = new Map<string, { peer: string; spans: Span[] }>();
  for (const node of tree.nodes) {
    const peer = unansweredPeer(node);
    if (peer === undefined || present.has(peer)) continue;
    const pair = JSON.stringify([node.span.service, peer]);
    const known = byPair.get(pair);
    if (known === undefined) byPair.set(pair, { peer, spans: [node.span] });
    else known.spans.push(node.span);
  }
  return [...byPair.values()].flatMap(({ peer, spans }) => {
    return warnAbout('lost-context', spans, () => {
      const caller = spans[0]?.service;
      return `${peer} was called from ${caller} but its spans are not in this trace (yet): is the context propagated?`;
    });
  });
}
