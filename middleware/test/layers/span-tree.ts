// Shows the spans of a request as an indented list of names, which is how the tests of layers look at them.

import http from 'node:http';
import { SpanKind } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { listen } from '../conformance/harness/listen.ts';
import { type Sent, sender } from '../conformance/harness/send.ts';
import type { TracingHere } from '../http/support/trace-here.ts';

/** Serves the application for one request and returns all spans of it. */
export async function spansOf(
  here: TracingHere,
  app: http.RequestListener,
  path: string,
  sent: Sent = {},
): Promise<ReadableSpan[]> {
  const { port, close } = await listen(http.createServer(app));
  await sender(port, {})(path, sent).catch(() => undefined);
  await close();
  return (await here.spans()).filter((span) => span.kind !== SpanKind.CLIENT);
}

/** Name lines, two blanks for each level, siblings in the order of their starts. */
export function treeOf(spans: readonly ReadableSpan[]): string[] {
  const root = spans.find((span) => span.kind === SpanKind.SERVER);
  return root === undefined ? [] : linesBelow(spans, root, '');
}

function linesBelow(spans: readonly ReadableSpan[], span: ReadableSpan, indent: string): string[] {
  const children = spans
    .filter((each) => each.parentSpanContext?.spanId === span.spanContext().spanId)
    .sort((a, b) => startNs(a) - startNs(b));
  return [indent + span.name, ...children.flatMap((child) => linesBelow(spans, child, `${indent}  `))];
}

const startNs = (span: ReadableSpan): number => span.startTime[0] * 1e9 + span.startTime[1];

export function spanNamed(spans: readonly ReadableSpan[], name: string): ReadableSpan {
  const span = spans.find((each) => each.name === name);
  if (span === undefined) throw new Error(`no span is named ${name}: ${spans.map((s) => s.name).join(', ')}`);
  return span;
}
