// An application that calls itself in three ways, for SDKs that mix instrumentations.

import { once } from 'node:events';
import http, { type ClientRequest, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { tracing } from '../../../../src/index.ts';
import { finished } from '../../../conformance/harness/finished.ts';

const { earlyGet = http.get } = globalThis as { earlyGet?: typeof http.get };

const app = express();
if (process.env.CASE?.endsWith('tracing() joins')) app.use(tracing());
app.get('/inner/:how', (_request, response) => void response.send('ok'));
app.get('/calls/:how', async (request, response) => {
  const { how } = request.params;
  const url = `http://${request.headers.host}/inner/${how}`;
  const calls: Record<string, () => Promise<unknown>> = {
    http: () => finished(http.get(url)),
    early: () => finished(earlyGet(url) as ClientRequest),
    fetch: async () => (await fetch(url)).text(),
    copied: async () =>
      (await fetch(url, { headers: { traceparent: request.get('traceparent') ?? '' } })).text(),
  };
  await calls[how]?.();
  response.send('called');
});
app.get('/fails/:id', () => {
  throw new RangeError('on purpose');
});

const server = createServer(app).listen(0, '127.0.0.1');
await once(server, 'listening');
process.send?.({ port: (server.address() as AddressInfo).port, tlsPort: 0 });
