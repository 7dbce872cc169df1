// Responses: statuses, streams, and every way in which one does not come to its end.

import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, pipeline, Readable } from 'node:stream';
import express, { type Response } from 'express';
import { server } from '../harness/contract.ts';
import type { Group, Traffic } from '../harness/scenario.ts';
import { head, raw } from '../harness/send.ts';

const LOST = { code: undefined, errorType: 'client_disconnected', failed: true } as const;

/** Sends a request and leaves: when the application has it, or when the first byte of the body has come. */
async function leave(
  { port, headers }: Traffic,
  path: string,
  when: 'waiting' | 'reading' | 'uploading',
): Promise<void> {
  const method = when === 'uploading' ? 'POST' : 'GET';
  const request = http.request({ host: '127.0.0.1', port, path, method, headers, agent: false });
  if (when === 'uploading') request.write('the first half');
  else request.end();
  if (when === 'reading') {
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    await once(response, 'data');
  } else {
    await once(request, 'information');
  }
  const closed = new Promise((resolve) => request.on('error', () => undefined).on('close', resolve));
  request.destroy();
  await closed;
}

/** Begins a streamed response whose source fails. */
function breakOff(response: Response): void {
  response.write('begin');
  const source = new PassThrough();
  pipeline(source, response, () => undefined);
  source.destroy(new RangeError('the source ran dry'));
}

export const responses: Group = {
  name: 'Responses',
  mount(app) {
    const files = mkdtempSync(join(tmpdir(), 'conformance-'));
    writeFileSync(join(files, 'hello.txt'), 'hello');
    app.use('/static', express.static(files));
    app.get(
      '/status/:code',
      (request, response) => void response.status(Number(request.params.code)).send('x'),
    );
    app.get('/never/:id', (_request, response) => void response.writeProcessing());
    app.get('/half', (_request, response) => void response.write('half of it'));
    app.get('/destroyed', (_request, response) => void response.destroy());
    app.get('/streamed', (_request, response) => {
      Readable.from(['a', 'b', 'c']).pipe(response);
    });
    app.get('/cut-off', (request) => void request.socket.destroy());
    app.post('/uploaded', (request, response) => {
      response.writeProcessing();
      request.resume().on('end', () => response.send('ok'));
    });
    app.get('/broken-stream', (_request, response) => breakOff(response));
    app.get('/broken-events', (_request, response) => breakOff(response.type('text/event-stream')));
    app.get('/events', (_request, response) => {
      response.setHeader('content-type', 'text/event-stream; charset=utf-8').write('data: 1\n\n');
    });
  },
  scenarios: [
    {
      title: '4xx is no error of the service',
      traffic: ({ send }) => send('/status/422'),
      spans: (place) => [server(place, { path: '/status/422', route: '/status/:code', code: 422 })],
    },
    {
      title: '5xx without an exception',
      traffic: ({ send }) => send('/status/503'),
      spans: (place) => [server(place, { path: '/status/503', route: '/status/:code', code: 503 })],
    },
    {
      title: '204 without a body',
      traffic: ({ send }) => send('/status/204'),
      spans: (place) => [server(place, { path: '/status/204', route: '/status/:code', code: 204 })],
    },
    {
      title: 'a streamed response',
      traffic: ({ send }) => send('/streamed'),
      spans: (place) => [server(place, { path: '/streamed', route: '/streamed' })],
    },
    {
      title: 'a static file',
      traffic: ({ send }) => send('/static/hello.txt'),
      spans: (place) => [server(place, { path: '/static/hello.txt' })],
    },
    {
      title: 'the client leaves before the head of the response',
      traffic: (traffic) => leave(traffic, '/never/7', 'waiting'),
      spans: (place) => [server(place, { path: '/never/7', route: '/never/:id', ...LOST })],
    },
    {
      title: 'the client leaves in the middle of the body',
      traffic: (traffic) => leave(traffic, '/half', 'reading'),
      spans: (place) => [server(place, { path: '/half', route: '/half', ...LOST, code: 200 })],
    },
    {
      title: 'the client leaves a stream of server-sent events, which has no other end',
      traffic: (traffic) => leave(traffic, '/events', 'reading'),
      spans: (place) => [server(place, { path: '/events', route: '/events' })],
    },
    {
      title: 'the application destroys the response',
      traffic: ({ send }) => send('/destroyed').catch(() => undefined),
      spans: (place) => [server(place, { path: '/destroyed', route: '/destroyed', ...LOST })],
    },
    {
      title: 'the application closes the socket',
      traffic: ({ send }) => send('/cut-off').catch(() => undefined),
      spans: (place) => [server(place, { path: '/cut-off', route: '/cut-off', ...LOST })],
    },
    {
      title: 'the client leaves while pipelined requests wait for each other',
      traffic: (traffic) =>
        raw(traffic.port, head('GET /never/1', traffic) + head('GET /never/2', traffic), /102/),
      spans: (place) =>
        ['/never/1', '/never/2'].map((path) => server(place, { path, route: '/never/:id', ...LOST })),
    },
    {
      title: 'the client leaves in the middle of an upload',
      traffic: (traffic) => leave(traffic, '/uploaded', 'uploading'),
      spans: (place) => [server(place, { method: 'POST', path: '/uploaded', route: '/uploaded', ...LOST })],
    },
    {
      title: 'the source of server-sent events fails',
      traffic: ({ send }) => send('/broken-events').catch(() => undefined),
      spans: (place) => [
        server(place, {
          path: '/broken-events',
          route: '/broken-events',
          failed: true,
          errorType: 'RangeError',
          exceptions: [{ type: 'RangeError', message: 'the source ran dry' }],
        }),
      ],
    },
    {
      title: 'the source of a streamed response fails half-way',
      traffic: ({ send }) => send('/broken-stream').catch(() => undefined),
      spans: (place) => [
        server(place, {
          path: '/broken-stream',
          route: '/broken-stream',
          failed: true,
          errorType: 'RangeError',
          exceptions: [{ type: 'RangeError', message: 'the source ran dry' }],
        }),
      ],
    },
  ],
};
