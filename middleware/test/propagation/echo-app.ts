// A traced Express application that does what the W3C suite asks its test service to do: calls every URL it is told to.

import { propagation } from '@opentelemetry/api';
import axios from 'axios';
import express, { type Express, type RequestHandler } from 'express';
import { startTracing, type TracingHandle, tracing } from '../../src/index.ts';
import { W3CPropagator } from '../../src/propagation/index.ts';

/** One call to make: POST `arguments` to `url`. */
interface Call {
  readonly url: string;
  readonly arguments: unknown;
}

type Post = (call: Call) => Promise<unknown>;

/** Ways to call out, each at a path of its own: `POST /axios`, `POST /fetch`. */
export const CLIENTS: Readonly<Record<'axios' | 'fetch', Post>> = {
  axios: ({ url, arguments: body }) => axios.post(url, body),
  fetch: async ({ url, arguments: body }) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    return response.text();
  },
};

/** Starts tracing as an application would, with spans that go nowhere. */
export function startEchoTracing(): TracingHandle {
  const handle = startTracing({
    service: 'echo',
    log: () => {},
    exporter: { export: (_spans, done) => done({ code: 0 }), shutdown: async () => {} },
  });
  propagation.disable();
  propagation.setGlobalPropagator(new W3CPropagator());
  return handle;
}

/** Answers with the number of calls it has made. `startEchoTracing()` comes first. */
export function createEchoApp(): Express {
  const app = express();
  app.use(tracing());
  app.use(express.json());
  for (const [name, post] of Object.entries(CLIENTS)) app.post(`/${name}`, callAll(post));
  return app;
}

function callAll(post: Post): RequestHandler {
  return async (request, response) => {
    const calls = request.body as readonly Call[];
    await Promise.all(calls.map(post));
    response.json({ called: calls.length });
  };
}
