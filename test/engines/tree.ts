// Draws the spans of one trace as an indented outline, so that a test can compare it with the contract line by line.
import type { SeenSpan } from './jaeger.ts';

function line({ service, kind, name, attributes }: SeenSpan): string {
  const peer = attributes['service.peer.name'];
  return `${service} ${kind} ${name}${peer === undefined ? '' : ` -> ${String(peer)}`}`;
}

/** One line a span: service, kind, name and peer, children indented below their parent in order of time. */
export function outline(spans: SeenSpan[]): string {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const below = (parentId: string | undefined, indent: string): string[] =>
    spans
      .filter((span) =>
        parentId === undefined ? !known.has(span.parentId ?? '') : span.parentId === parentId,
      )
      .sort((a, b) => Number(a.at - b.at))
      .flatMap((span) => [indent + line(span), ...below(span.spanId, `${indent}  `)]);
  return below(undefined, '').join('\n');
}
