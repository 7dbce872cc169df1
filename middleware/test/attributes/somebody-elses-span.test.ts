// Attributes, requirements, headers and layers on a SERVER span that another instrumentation has made.

import http from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { context, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { RPCType, setRPCMetadata } from '@opentelemetry/core';
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import express, { type Express } from 'express';
import {
  ExpressChannelInstrumentation,
  HttpChannelInstrumentation,
  type Layers,
  startTracing,
  tracing,
} from '../../src/index.ts';
import { listen } from '../conformance/harness/listen.ts';
import { sender } from '../conformance/harness/send.ts';
import { spanNamed, treeOf } from '../layers/span-tree.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  for (const api of [trace, context]) api.disable();
});

/** An SDK and a SERVER span as the stock instrumentation of http makes them, with our listeners beside. */
async function spansOf(makeApp: () => Express, layers: Layers = 'none'): Promise<ReadableSpan[]> {
  const exporter = new InMemorySpanExporter();
  const processor = new SimpleSpanProcessor({ exporter });
  const provider = new TracerProvider({ spanProcessors: [processor] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  const ours = [
    new HttpChannelInstrumentation({ incoming: false, outgoing: false }),
    new ExpressChannelInstrumentation({ layers }),
  ];
  for (const each of ours) stops.push(() => each.disable());
  stops.push(startTracing({ log: () => undefined }).shutdown);
  const app = makeApp();
  const { port, close } = await listen(
    http.createServer((request, response) => {
      const span = trace.getTracer('theirs').startSpan('GET', { kind: SpanKind.SERVER });
      const active = setRPCMetadata(trace.setSpan(ROOT_CONTEXT, span), { type: RPCType.HTTP, span });
      response.on('close', () => span.end());
      context.with(active, () => app(request, response));
    }),
  );
  await sender(port, {})('/orders/7', { headers: { 'x-tenant': 'acme' } });
  await close();
  await processor.forceFlush();
  return exporter.getFinishedSpans();
}

describe('tracing() on somebody else’s span', () => {
  it('reads the getters of all, then says what is missing, and shows the headers', async () => {
    const spans = await spansOf(() =>
      express()
        .use(
          tracing({
            require: ['user.id', 'late.id', 'order.id'],
            attributes: { 'user.id': () => 'ada', 'wrong.id': (() => new Date()) as never },
            captureHeaders: { request: ['x-tenant'] },
          }),
          tracing({ attributes: { 'late.id': () => 1 } }),
        )
        .get('/orders/:id', (_request, response) => void response.send('ok')),
    );
    expect(spans).toHaveLength(1);
    expect(spanNamed(spans, 'GET /orders/:id').attributes).toEqual({
      'http.route': '/orders/:id',
      'user.id': 'ada',
      'late.id': 1,
      'longpole.missing_attributes': ['order.id'],
      'http.request.header.x-tenant': ['acme'],
    });
  });

  it('has the layers below it', async () => {
    const spans = await spansOf(
      () => express().get('/orders/:id', (_request, response) => void response.send('ok')),
      'handlers',
    );
    expect(treeOf(spans)).toEqual(['GET /orders/:id', '  request handler - /orders/:id']);
  });
});
