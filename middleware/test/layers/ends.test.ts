// When the span of a layer ends: with its own work, not with what comes after it.

import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import express, { type Express, type RequestHandler } from 'express';
import { listen } from '../conformance/harness/listen.ts';
import { type TracingHere, traceHere } from '../http/support/trace-here.ts';
import { spanNamed, spansOf } from './span-tree.ts';

let here: TracingHere;
beforeAll(() => {
  here = traceHere({ layers: 'all' });
});
afterAll(() => here.stop());

const ms = ([seconds, nanoseconds]: readonly [number, number]): number => seconds * 1e3 + nanoseconds / 1e6;
const endOf = (span: ReadableSpan): number => ms(span.endTime);

/** The layers called `first` and `slow`, where the second one takes 50 ms until it answers. */
async function firstAndSlow(first: RequestHandler, slow?: RequestHandler): Promise<ReadableSpan[]> {
  Object.defineProperty(first, 'name', { value: 'first' });
  const app: Express = express().use(first);
  app.get('/', slow ?? ((_request, response) => void setTimeout(() => response.send('ok'), 50)));
  return await spansOf(here, app, '/');
}

describe('the span of a middleware', () => {
  it.each<[string, RequestHandler]>([
    ['at once', (_request, _response, next) => next()],
    ['later', (_request, _response, next) => void setTimeout(next, 1)],
    [
      'after a promise',
      async (_request, _response, next) => {
        await null;
        next();
      },
    ],
  ])('that calls next() %s ends there', async (_, first) => {
    const spans = await firstAndSlow(first);
    const handler = spanNamed(spans, 'request handler - /');
    expect(endOf(spanNamed(spans, 'middleware - first'))).toBeLessThanOrEqual(ms(handler.startTime) + 0.001);
    expect(ms(handler.duration)).toBeGreaterThan(48);
  });

  it('that answers by itself ends when it has', async () => {
    const spans = await firstAndSlow((_request, response) => void response.send('enough'));
    expect(spans.map((span) => span.name)).toEqual(['middleware - first', 'GET']);
  });
});

describe('the span of a handler', () => {
  it('with a promise ends when that is settled, with it the routers around it', async () => {
    const app = express();
    const router = express.Router().get('/', async (_request, response) => {
      await null;
      response.end('ok');
    });
    const spans = await spansOf(here, app.use('/a', router), '/a');
    const ends = ['request handler - /a', 'router - /a', 'GET /a'].map((name) =>
      endOf(spanNamed(spans, name)),
    );
    expect(ends).toEqual(ends.toSorted((a, b) => a - b));
  });

  it('with a callback ends with the response, before the SERVER span', async () => {
    const spans = await firstAndSlow((_request, _response, next) => next());
    expect(spans.map((span) => span.name)).toEqual(['middleware - first', 'request handler - /', 'GET /']);
    expect(endOf(spanNamed(spans, 'request handler - /'))).toBeLessThanOrEqual(
      endOf(spanNamed(spans, 'GET /')),
    );
  });

  it('ends when the client leaves', async () => {
    const app = express().get('/', (request) => void request.socket.destroy());
    const spans = await spansOf(here, app, '/');
    expect(spans.map((span) => span.name)).toEqual(['request handler - /', 'GET /']);
  });

  it('ends once, whatever the handler does', async () => {
    const spans = await firstAndSlow(
      (_request, _response, next) => {
        next();
        next();
      },
      async (_request, response, next) => {
        if (!response.headersSent) response.send('ok');
        next();
        throw new Error('late');
      },
    );
    const ids = spans.map((span) => span.spanContext().spanId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(spanNamed(spans, 'GET /').ended).toBe(true);
  });
});

describe('a request without spans', () => {
  it('has none of its layers either', async () => {
    const app = express().get('/health', (_request, response) => void response.send('ok'));
    const { port, close } = await listen(http.createServer(app));
    await new Promise((resolve) =>
      http.get({ port, path: '/health', agent: false }, (r) => r.resume().on('end', resolve)),
    );
    await close();
    expect((await here.spans()).map((span) => span.name)).toEqual(['GET']);
  });
});
