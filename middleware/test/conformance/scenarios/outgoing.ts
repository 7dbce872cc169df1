// Outgoing calls by every client that people use: one CLIENT span each, and the context on the wire once.

import http, { type RequestOptions } from 'node:http';
import https from 'node:https';
import axios from 'axios';
import type { RequestHandler } from 'express';
import { createClient } from '../../../src/index.ts';
import { client, server } from '../harness/contract.ts';
import { finished } from '../harness/finished.ts';
import type { Deps, Group, Scenario } from '../harness/scenario.ts';
import { TLS_CLIENT } from '../harness/tls.ts';

type Call = (deps: Deps, request: Parameters<RequestHandler>[0]) => Promise<unknown>;

const CALLS: Record<string, Call> = {
  'http-url': ({ upstream }) => finished(http.get(`${upstream}/ok?x=1`)),
  'http-options': ({ upstream }) => finished(http.request({ ...urlOptions(upstream), path: '/ok' }).end()),
  'http-url-options': ({ upstream }) =>
    new Promise((resolve) => {
      http.get(`${upstream}/ok`, { headers: { 'x-own': '1' } }, (response) =>
        response.resume().on('end', resolve),
      );
    }),
  'http-array': ({ upstream }) => {
    const { port, host } = urlOptions(upstream);
    const headers = ['Host', `${host}:${port}`, 'X-Own', '1', 'TraceParent', '00-stale'];
    return finished(http.request({ host, port, path: '/ok', headers }).end());
  },
  'http-expect': ({ upstream }) =>
    finished(
      http.request(`${upstream}/ok`, { method: 'POST', headers: { expect: '100-continue' } }).end('x'),
    ),
  'http-host': ({ upstream }) => finished(http.get(`${upstream}/ok`, { headers: { host: 'shop.internal' } })),
  'http-proxied': ({ upstream }) =>
    finished(http.get({ ...urlOptions(upstream), path: 'http://shop.example:81/ok' })),
  'http-unread': ({ upstream }) =>
    new Promise((resolve) => http.get(`${upstream}/close`, (response) => resolve(response.statusCode))),
  https: ({ upstreamTls }) => finished(https.get(`${upstreamTls}/ok`, { ...TLS_CLIENT, agent: false })),
  axios: ({ upstream }) => axios.get(`${upstream}/ok`, { params: { x: 1 } }),
  fetch: async ({ upstream }) => (await fetch(`${upstream}/ok?x=1`)).text(),
  'fetch-unread': ({ upstream }) => fetch(`${upstream}/ok`),
  'copied-http': ({ upstream }, { headers }) =>
    finished(http.get(`${upstream}/ok`, { headers: forwarded(headers) })),
  'copied-fetch': async ({ upstream }, { headers }) =>
    (await fetch(`${upstream}/ok`, { headers: forwarded(headers) as Record<string, string> })).text(),
  'redirect-axios': ({ upstream }) => axios.get(`${upstream}/redirect`),
  'redirect-fetch': async ({ upstream }) => (await fetch(`${upstream}/redirect`)).text(),
  status: async ({ upstream }) => (await fetch(`${upstream}/status/404`)).text(),
  'status-http': ({ upstream }) => finished(http.get(`${upstream}/status/503`)),
  retried: ({ upstream }) => createClient({ service: 'stock', baseURL: upstream }).get('/busy'),
  'secret-http': ({ upstream }) => finished(http.get(`${upstream}/ok?token=hunter2&page=2`)),
  'secret-fetch': async ({ upstream }) => (await fetch(`${upstream}/ok?token=hunter2&page=2`)).text(),
  purge: ({ upstream }) => finished(http.request(`${upstream}/ok`, { method: 'PURGE' }).end()),
  upgraded: ({ upstream }) =>
    new Promise((resolve, reject) => {
      const headers = { connection: 'upgrade', upgrade: 'echo' };
      http
        .get(`${upstream}/upgrade`, { headers })
        .on('error', reject)
        .on('upgrade', (_response, socket) => setImmediate(() => resolve(socket.destroy())));
    }),
  parallel: ({ upstream }) => Promise.all([1, 2, 3].map(() => axios.get(`${upstream}/ok`))),
};

function urlOptions(url: string): RequestOptions {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}

function forwarded({
  host: _,
  connection: __,
  ...headers
}: http.IncomingHttpHeaders): http.OutgoingHttpHeaders {
  return headers;
}

function scenario(title: string, call: string, spans: ClientSpans): Scenario {
  return {
    title,
    traffic: ({ send }) => send(`/calls/${call}`),
    spans: (place) => [server(place, { path: `/calls/${call}`, route: `/calls/${call}` }), ...spans(place)],
  };
}

type ClientSpans = Scenario['spans'];

export const outgoing: Group = {
  name: 'Outgoing calls',
  mount(app, deps) {
    for (const [name, call] of Object.entries(CALLS)) {
      app.get(`/calls/${name}`, async (request, response) => {
        await call(deps, request);
        response.send('called');
      });
    }
  },
  scenarios: [
    scenario('`http.get(url)`', 'http-url', (place) => [client(place, { path: '/ok?x=1' })]),
    scenario('`http.request(options)`', 'http-options', (place) => [client(place, { path: '/ok' })]),
    scenario('`http.get(url, options, callback)`', 'http-url-options', (place) => [
      client(place, { path: '/ok' }),
    ]),
    scenario('headers given as an array, with a stale `traceparent`', 'http-array', (place) => [
      client(place, { path: '/ok' }),
    ]),
    scenario('`Expect: 100-continue`', 'http-expect', (place) => [
      client(place, { method: 'POST', path: '/ok' }),
    ]),
    scenario('a Host header of its own', 'http-host', (place) => [client(place, { path: '/ok' })]),
    scenario('through a proxy, with a target in absolute form', 'http-proxied', (place) => [
      client(place, {
        path: '/ok',
        attributes: {
          'url.full': 'http://shop.example:81/ok',
          'server.address': 'shop.example',
          'server.port': 81,
        },
      }),
    ]),
    scenario('a body that nobody reads', 'http-unread', (place) => [client(place, { path: '/close' })]),
    scenario('`https.get()`', 'https', (place) => [client(place, { path: '/ok', tls: true })]),
    scenario('axios', 'axios', (place) => [client(place, { path: '/ok?x=1' })]),
    { ...scenario('`fetch()`', 'fetch', (place) => [client(place, { path: '/ok?x=1' })]), isStrict: true },
    scenario('`fetch()` with a body that nobody reads', 'fetch-unread', (place) => [
      client(place, { path: '/ok' }),
    ]),
    scenario('the headers of the incoming request copied, `http`', 'copied-http', (place) => [
      client(place, { path: '/ok' }),
    ]),
    scenario('the headers of the incoming request copied, `fetch`', 'copied-fetch', (place) => [
      client(place, { path: '/ok' }),
    ]),
    scenario('a redirect with axios', 'redirect-axios', (place) => [
      client(place, { path: '/redirect', code: 302 }),
      client(place, { path: '/ok', attributes: { 'http.request.resend_count': 1 } }),
    ]),
    scenario('a redirect with `fetch()`', 'redirect-fetch', (place) => [
      client(place, { path: '/redirect', code: 302 }),
      client(place, { path: '/ok', attributes: { 'http.request.resend_count': 1 } }),
    ]),
    scenario('4xx is an error of the call', 'status', (place) => [
      client(place, { path: '/status/404', code: 404 }),
    ]),
    scenario('5xx is an error of the call', 'status-http', (place) => [
      client(place, { path: '/status/503', code: 503 }),
    ]),
    scenario('a retry by `createClient()` is a span of its own', 'retried', (place) => [
      client(place, { path: '/busy', code: 503, attributes: { 'service.peer.name': 'stock' } }),
      client(place, {
        path: '/busy',
        attributes: { 'service.peer.name': 'stock', 'http.request.resend_count': 1 },
      }),
    ]),
    scenario('secrets in the URL, `http`', 'secret-http', (place) => [
      client(place, { path: '/ok?token=REDACTED&page=2' }),
    ]),
    scenario('secrets in the URL, `fetch`', 'secret-fetch', (place) => [
      client(place, { path: '/ok?token=REDACTED&page=2' }),
    ]),
    scenario('a method outside the semantic conventions', 'purge', (place) => [
      client(place, {
        path: '/ok',
        attributes: { 'http.request.method': '_OTHER', 'http.request.method_original': 'PURGE' },
      }),
    ]),
    scenario('a connection that is upgraded', 'upgraded', (place) => [
      client(place, { path: '/upgrade', code: 101 }),
    ]),
    scenario('three calls at once', 'parallel', (place) =>
      [1, 2, 3].map(() => client(place, { path: '/ok' })),
    ),
  ],
};
