// One text for equal work: by it the checks tell that a call was made again.
import type { SpanNode } from '../../trace/node.ts';
import { answerOf, calleeOf, isDatabaseCall, labelOf, methodOf, pathOf, textOf } from './span-facts.ts';
import { templateOf } from './template-of.ts';

function databaseWork({ span }: SpanNode): string {
  const { name } = span;
  const summary = textOf(span, 'db.query.summary') || textOf(span, 'db.operation.name');
  return summary === '' || name.includes(summary) ? templateOf(name) : `${templateOf(name)} (${summary})`;
}

/** `GET /products/{n}` of a call over HTTP: the route of the answer where it is known, else the path without ids. */
function httpWork(node: SpanNode, method: string): string {
  const { span } = node;
  const route = answerOf(node)?.span;
  const path =
    (route && textOf(route, 'http.route')) || textOf(span, 'url.template') || templateOf(pathOf(span));
  return path === '' ? templateOf(span.name) : `${method} ${path}`;
}

/**
 * What a span does, without what varies: `gateway → inventory · GET /products/:id` of a call, `inventory · read product
 * (SELECT products)` of a query, `payment · authorize` of other work.
 */
export function callOf(node: SpanNode): string {
  const { span } = node;
  if (isDatabaseCall(span)) return labelOf(span.service, databaseWork(node));
  if (span.kind !== 'CLIENT') return labelOf(span.service, templateOf(span.name));
  const method = methodOf(span);
  const work = method === '' ? templateOf(span.name) : httpWork(node, method);
  const callee = calleeOf(node);
  return callee === '' ? labelOf(span.service, work) : `${span.service} → ${callee} · ${work}`;
}
