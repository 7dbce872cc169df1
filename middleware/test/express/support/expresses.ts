// Both Expresses: the one that publishes what its routers do, and Express 4, which has to be asked.

import http from 'node:http';
import { SpanKind } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import express5, { type RequestHandler } from 'express';
import { listen } from '../../conformance/harness/listen.ts';
import { type Sent, sender } from '../../conformance/harness/send.ts';
import type { TracingHere } from '../../http/support/trace-here.ts';

export type ExpressModule = typeof express5;

/** Express 4 has the same types as far as the tests use them. */
export const express4 = require('express4') as ExpressModule;

export { express5 };

export const ok: RequestHandler = (_request, response) => void response.send('ok');
export const pass: RequestHandler = (_request, _response, next) => next();

/** Serves the application for one request and returns the SERVER span of it. */
export async function serverSpan(
  here: TracingHere,
  app: http.RequestListener,
  path: string,
  sent: Sent = {},
): Promise<ReadableSpan> {
  const { port, close } = await listen(http.createServer(app));
  await sender(port, {})(path, sent).catch(() => undefined);
  await close();
  const span = (await here.spans()).find((each) => each.kind === SpanKind.SERVER);
  if (span === undefined) throw new Error('there is no SERVER span');
  return span;
}

export const routeOf = (span: ReadableSpan): unknown => span.attributes['http.route'];
