// HTTP itself: connections, forms of the request, proxies in front, and contexts that cannot be read.

import http from 'node:http';
import https from 'node:https';
import express from 'express';
import { server } from '../harness/contract.ts';
import { finished } from '../harness/finished.ts';
import type { Group, Traffic } from '../harness/scenario.ts';
import { head, raw } from '../harness/send.ts';
import { TLS_CLIENT } from '../harness/tls.ts';

function overTls(traffic: Traffic): Promise<void> {
  const { tlsPort, headers } = traffic;
  return new Promise((resolve, reject) => {
    https
      .get({ host: '127.0.0.1', port: tlsPort, path: '/protocol', headers, agent: false, ...TLS_CLIENT })
      .on('error', reject)
      .on('response', (response) => response.resume().on('end', resolve));
  });
}

export const protocol: Group = {
  name: 'The protocol',
  mount(app, { upstream }) {
    app.get('/healthz', async (_request, response) => {
      await fetch(`${upstream}/ok`);
      await finished(http.get(`${upstream}/ok`));
      response.send('ok');
    });
    app.get('/protocol', (_request, response) => void response.send('ok'));
    app.get('/protocol/:n', (request, response) => {
      setTimeout(() => response.send(request.params.n), request.params.n === '1' ? 20 : 0);
    });
    app.post('/upload', (request, response) => {
      let size = 0;
      request.on('data', (chunk: Buffer) => {
        size += chunk.length;
      });
      request.on('end', () => response.send(String(size)));
    });
    const behindProxy = express();
    behindProxy.set('trust proxy', true);
    behindProxy.get('/', (_request, response) => void response.send('ok'));
    app.use('/behind-proxy', behindProxy);
    const badProxy = express();
    badProxy.set('trust proxy', () => {
      throw new Error('who is that?');
    });
    badProxy.get('/', (_request, response) => void response.send('ok'));
    app.use('/bad-proxy', badProxy);
  },
  scenarios: [
    {
      title: 'two requests on one kept connection',
      traffic: async ({ send }) => {
        const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
        await send('/protocol/2', { agent });
        await send('/protocol/3', { agent });
        agent.destroy();
      },
      spans: (place) =>
        ['/protocol/2', '/protocol/3'].map((path) => server(place, { path, route: '/protocol/:n' })),
    },
    {
      title: 'pipelined requests, the first one slow',
      traffic: (traffic) =>
        raw(
          traffic.port,
          head('GET /protocol/1', traffic) +
            head('GET /protocol/2', traffic) +
            head('GET /protocol/3', traffic),
          /\r\n\r\n1.*\r\n\r\n2.*\r\n\r\n3$/s,
        ),
      spans: (place) =>
        ['/protocol/1', '/protocol/2', '/protocol/3'].map((path) =>
          server(place, { path, route: '/protocol/:n' }),
        ),
    },
    {
      title: 'a large upload',
      traffic: ({ send }) => send('/upload', { method: 'POST', body: Buffer.alloc(2 << 20) }),
      spans: (place) => [server(place, { method: 'POST', path: '/upload', route: '/upload' })],
    },
    {
      title: '`Expect: 100-continue`',
      traffic: ({ send }) =>
        send('/upload', { method: 'POST', body: 'x', headers: { expect: '100-continue' } }),
      spans: (place) => [server(place, { method: 'POST', path: '/upload', route: '/upload' })],
    },
    {
      title: 'HTTPS',
      traffic: overTls,
      spans: (place) => [
        server(place, {
          path: '/protocol',
          route: '/protocol',
          attributes: { 'url.scheme': 'https', 'server.port': place.tlsPort },
        }),
      ],
    },
    {
      title: 'HTTP/1.0 without a Host header',
      traffic: ({ port, headers }) =>
        raw(
          port,
          `GET /protocol HTTP/1.0\r\ntraceparent: ${headers.traceparent}\r\nuser-agent: conformance\r\n\r\n`,
          /ok$/,
        ),
      spans: (place) => [
        server(place, {
          path: '/protocol',
          route: '/protocol',
          attributes: {
            'network.protocol.version': '1.0',
            'server.address': undefined,
            'server.port': undefined,
          },
        }),
      ],
    },
    {
      title: 'a target in absolute form, as proxies get it',
      traffic: (traffic) =>
        raw(
          traffic.port,
          head('GET http://shop.example:81/protocol?a=1', traffic, { host: 'proxy.example' }),
          /ok$/,
        ),
      spans: (place) => [
        server(place, {
          path: '/protocol',
          query: 'a=1',
          route: '/protocol',
          attributes: { 'server.address': 'shop.example', 'server.port': 81 },
        }),
      ],
    },
    {
      title: 'an IPv6 address in the Host header',
      traffic: ({ send }) => send('/protocol', { headers: { host: '[2001:db8::1]:8443' } }),
      spans: (place) => [
        server(place, {
          path: '/protocol',
          route: '/protocol',
          attributes: { 'server.address': '2001:db8::1', 'server.port': 8443 },
        }),
      ],
    },
    {
      title: 'behind a proxy that Express trusts',
      traffic: ({ send }) =>
        send('/behind-proxy', {
          headers: {
            'x-forwarded-for': '203.0.113.7, 10.0.0.1',
            'x-forwarded-proto': 'https',
            'x-forwarded-host': 'shop.example',
          },
        }),
      spans: (place) => [
        server(place, {
          path: '/behind-proxy',
          route: '/behind-proxy',
          attributes: {
            'client.address': '203.0.113.7',
            'url.scheme': 'https',
            'server.address': 'shop.example',
            'server.port': 443,
          },
        }),
      ],
    },
    {
      title: 'forwarding headers that nobody vouches for',
      traffic: ({ send }) =>
        send('/protocol', { headers: { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'https' } }),
      spans: (place) => [server(place, { path: '/protocol', route: '/protocol' })],
    },
    {
      title: 'secrets in the query',
      traffic: ({ send }) => send('/protocol?token=hunter2&page=2&user[password]=hunter2&sig=abc'),
      spans: (place) => [
        server(place, {
          path: '/protocol',
          query: 'token=REDACTED&page=2&user[password]=REDACTED&sig=REDACTED',
          route: '/protocol',
        }),
      ],
    },
    {
      title: 'a malformed `traceparent`: a trace of its own',
      traffic: ({ send }) => send('/protocol/malformed', { headers: { traceparent: '00-nonsense-01' } }),
      byPath: '/protocol/malformed',
      spans: (place) => [
        server(place, { path: '/protocol/malformed', route: '/protocol/:n', parent: 'none' }),
      ],
    },
    {
      title: 'two `traceparent` headers: a trace of its own',
      traffic: (traffic) =>
        raw(
          traffic.port,
          head('GET /protocol/doubled', traffic, { TraceParent: traffic.headers.traceparent ?? '' }),
          /doubled$/,
        ),
      byPath: '/protocol/doubled',
      spans: (place) => [server(place, { path: '/protocol/doubled', route: '/protocol/:n', parent: 'none' })],
    },
    {
      title: 'a health check gets no span, and its calls hand the context on',
      traffic: ({ send }) => send('/healthz'),
      spans: () => [],
      handsOn: true,
    },
  ],
};
