// Requests that get no span in a running application: which, how an application changes that, and what they hand on.

import http from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import {
  DEFAULT_IGNORE,
  HttpChannelInstrumentation,
  type StartOptions,
  type TracingOptions,
  tracing,
} from '../../src/index.ts';
import { sharedState } from '../../src/shared/state.ts';
import { type TracingHere, traceHere } from './support/trace-here.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';
const PATHS = ['/healthz', '/app.css', '/quiet', '/orders/7'];

let here: TracingHere | undefined;
let server: http.Server;
let baseUrl: string;

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await here?.stop();
  sharedState().ignore.length = 0;
  sharedState().appIgnore = [];
  sharedState().ignoreDefaults = true;
});

async function serve(start: StartOptions, options: TracingOptions = {}): Promise<void> {
  here = traceHere(start);
  const app = express();
  app.use(tracing(options));
  app.get('/callee', (request, response) => void response.json(request.headers));
  app.get('/by-fetch.js', async (_request, response) => {
    response.json(await (await fetch(`${baseUrl}/callee`)).json());
  });
  app.get('/by-http.js', (_request, response) => {
    http.get(`${baseUrl}/callee`, (answer) => answer.pipe(response));
  });
  app.use((request, response) => void response.send(request.path));
  server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Sends each of `PATHS` and says which of them got a SERVER span. */
async function pathsWithSpans(): Promise<unknown[]> {
  for (const path of PATHS) await (await fetch(baseUrl + path)).text();
  const spans = (await here?.spans()) ?? [];
  return spans.filter(({ kind }) => kind === 1).map(({ attributes }) => attributes['url.path']);
}

describe('which requests get no span', () => {
  it.each<[string, StartOptions, TracingOptions, string[]]>([
    ['health checks and static files by default', {}, {}, ['/quiet', '/orders/7']],
    ['own rules of startTracing() beside them', { ignore: ['/quiet'] }, {}, ['/orders/7']],
    ['own rules of tracing() beside them', {}, { ignore: ['/quiet'] }, ['/orders/7']],
    ['none with ignoreDefaults: false', { ignoreDefaults: false }, {}, PATHS],
    ['none with ignoreDefaults: false of tracing()', {}, { ignoreDefaults: false }, PATHS],
    [
      'own rules alone with ignoreDefaults: false',
      { ignoreDefaults: false, ignore: ['/quiet'] },
      {},
      ['/healthz', '/app.css', '/orders/7'],
    ],
  ])('%s', async (_what, start, options, expected) => {
    await serve(start, options);
    expect(await pathsWithSpans()).toEqual(expected);
  });

  it('are those of the instrumentation itself where it has rules of its own', async () => {
    await serve({ instrumentations: [] });
    await here?.stop();
    const instrumentation = new HttpChannelInstrumentation({
      ignore: [...DEFAULT_IGNORE, '/quiet'],
      outgoing: false,
    });
    here = traceHere();
    expect(await pathsWithSpans()).toEqual(['/orders/7']);
    instrumentation.disable();
  });
});

/** The body of the answer to a GET that no client of Node.js has sent, so that no CLIENT span is in between. */
async function getPlainly(path: string, headers: Record<string, string>): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET ${path} HTTP/1.0\r\n${lines.join('')}\r\n`);
  const text = Buffer.concat(await socket.toArray()).toString();
  return text.slice(text.indexOf('\r\n\r\n') + 4);
}

describe('an ignored request', () => {
  it.each(['fetch', 'http'])('hands the context of its caller on with %s', async (how) => {
    await serve({});
    const traceparent = `00-${TRACE_ID}-${SPAN_ID}-01`;
    const got = await getPlainly(`/by-${how}.js`, { traceparent, tracestate: 'shop=1' });
    expect(JSON.parse(got)).toMatchObject({ traceparent, tracestate: 'shop=1' });
    const spans = (await here?.spans()) ?? [];
    const callee = spans.find(({ attributes }) => attributes['url.path'] === '/callee');
    expect(callee?.spanContext().traceId).toBe(TRACE_ID);
    expect(callee?.parentSpanContext?.spanId).toBe(SPAN_ID);
    expect(spans.map(({ attributes }) => attributes['url.path'])).not.toContain(`/by-${how}.js`);
  });
});
