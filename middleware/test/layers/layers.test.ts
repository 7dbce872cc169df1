// INTERNAL spans of Express's layers: which ones there are, how they nest, and what stays on the SERVER span.

import type http from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { SpanStatusCode } from '@opentelemetry/api';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { currentTrace, type StartOptions, tracing, withSpan } from '../../src/index.ts';
import { type TracingHere, traceHere } from '../http/support/trace-here.ts';
import { spanNamed, spansOf, treeOf } from './span-tree.ts';

let here: TracingHere;
const start = (layers: StartOptions['layers']): void => {
  here = traceHere(layers === undefined ? {} : { layers });
};
afterEach(() => here.stop());

function namedMiddleware(_request: http.IncomingMessage, _response: http.ServerResponse, next: () => void) {
  next();
}
const laterMiddleware: RequestHandler = (_request, _response, next) => void setImmediate(next);
const asyncMiddleware: RequestHandler = async (_request, _response, next) => {
  await null;
  next();
};
const answer: RequestHandler = (_request, response) => void response.send('ok');

function shop(): Express {
  const app = express();
  app.use(tracing(), namedMiddleware, laterMiddleware, asyncMiddleware);
  const orders = express.Router({ mergeParams: true });
  orders.param('id', (_request, _response, next) => next());
  orders.use(namedMiddleware);
  orders.get('/:id', laterMiddleware, async (_request, response) => {
    await withSpan('load', async () => null);
    response.send('ok');
  });
  app.use('/users/:user/orders', orders);
  app.get('/after', answer);
  return app;
}

const SERVER = 'GET /users/:user/orders/:id';
const HANDLER = 'request handler - /users/:user/orders/:id';

describe('layers', () => {
  it.each([undefined, 'none' as const])('%p makes no spans', async (layers) => {
    start(layers);
    expect(treeOf(await spansOf(here, shop(), '/users/1/orders/2'))).toEqual([SERVER, '  load']);
  });

  it("'handlers' makes spans of a route’s handlers, side by side", async () => {
    start('handlers');
    const spans = await spansOf(here, shop(), '/users/1/orders/2');
    expect(treeOf(spans)).toEqual([SERVER, `  ${HANDLER}`, `  ${HANDLER}`, '    load']);
  });

  it("'all' makes spans of everything, a router’s own layers below it", async () => {
    start('all');
    expect(treeOf(await spansOf(here, shop(), '/users/1/orders/2'))).toEqual([
      SERVER,
      '  middleware - namedMiddleware',
      '  middleware - laterMiddleware',
      '  middleware - asyncMiddleware',
      '  router - /users/:user/orders',
      '    middleware - namedMiddleware',
      '    param - id',
      `    ${HANDLER}`,
      `    ${HANDLER}`,
      '      load',
    ]);
  });

  it('says in attributes what a layer is', async () => {
    start('all');
    const spans = await spansOf(here, shop(), '/users/1/orders/2');
    expect(spanNamed(spans, 'middleware - namedMiddleware').attributes).toEqual({
      'express.type': 'middleware',
      'express.name': 'namedMiddleware',
      'code.function.name': 'namedMiddleware',
    });
    expect(spanNamed(spans, 'router - /users/:user/orders').attributes).toEqual({
      'express.type': 'router',
      'express.name': '/users/:user/orders',
      'http.route': '/users/:user/orders',
    });
    expect(spanNamed(spans, 'param - id').attributes).toMatchObject({
      'express.type': 'param',
      'express.name': 'id',
      'http.route': '/users/:user/orders/:id',
    });
    expect(spanNamed(spans, HANDLER).attributes).toMatchObject({
      'express.type': 'request_handler',
      'http.route': '/users/:user/orders/:id',
    });
  });

  it('can be set by LONGPOLE_LAYERS, which wins over the option', async () => {
    process.env['LONGPOLE_LAYERS'] = 'handlers';
    try {
      start('none');
    } finally {
      delete process.env['LONGPOLE_LAYERS'];
    }
    expect(treeOf(await spansOf(here, shop(), '/users/1/orders/2'))).toContain(`  ${HANDLER}`);
  });

  it('goes on with the next layer below the router when a mounted one passes the request on', async () => {
    start('all');
    const app = shop();
    app.use('/after', express.Router().use(namedMiddleware));
    app.use('/after', function lastResort(_request, response) {
      response.send('ok');
    } as RequestHandler);
    const passing = express().use(express.Router().use(namedMiddleware), app);
    expect(treeOf(await spansOf(here, passing, '/after'))).toEqual([
      'GET /after',
      '  router - /',
      '    middleware - namedMiddleware',
      '  router - /',
      '    middleware - namedMiddleware',
      '    middleware - laterMiddleware',
      '    middleware - asyncMiddleware',
      '    request handler - /after',
    ]);
  });
});

describe('context', () => {
  it('is the layer’s span in its function and in all that it sets off, and nobody else’s', async () => {
    start('all');
    const seen: Record<string, string | undefined> = {};
    const note = (place: string): void => {
      seen[place] = currentTrace()?.spanId;
    };
    const app = express();
    app.use(function first(_request, _response, next) {
      note('first');
      next();
      note('first after next');
    } as RequestHandler);
    app.use(function second(_request, _response, next) {
      setImmediate(() => {
        note('second later');
        next();
      });
    } as RequestHandler);
    app.get('/', async function last(_request, response) {
      note('last');
      await null;
      note('last later');
      response.send('ok');
    } as RequestHandler);
    const spans = await spansOf(here, app, '/');
    const id = (name: string): string => spanNamed(spans, name).spanContext().spanId;
    expect(seen).toEqual({
      first: id('middleware - first'),
      'first after next': id('middleware - first'),
      'second later': id('middleware - second'),
      last: id('request handler - /'),
      'last later': id('request handler - /'),
    });
  });

  it('stays right behind a body parser, whose callback comes from the socket', async () => {
    start('all');
    const router = express.Router().use(express.json()).post('/', answer);
    const spans = await spansOf(here, express().use('/a', router), '/a', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ big: 'x'.repeat(50_000) }),
    });
    expect(treeOf(spans)).toEqual([
      'POST /a',
      '  router - /a',
      '    middleware - jsonParser',
      '    request handler - /a',
    ]);
  });

  it('keeps a span that the application puts around the rest of the request', async () => {
    start('all');
    const app = express();
    app.use(((_request, _response, next) => withSpan('mine', () => next())) as RequestHandler);
    app.get('/', answer);
    expect(treeOf(await spansOf(here, app, '/'))).toEqual([
      'GET /',
      '  middleware - anonymous',
      '    mine',
      '      request handler - /',
    ]);
  });

  it('of three hundred requests, thirty at once, is never another one’s', async () => {
    start('all');
    const server = shop().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(
        Array.from({ length: 30 }, async (_, i) => {
          const answered = await fetch(`http://127.0.0.1:${port}/users/${i}/orders/${i}`);
          expect(await answered.text()).toBe('ok');
        }),
      );
    }
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const traces = Map.groupBy(await here.spans(), (span) => span.spanContext().traceId);
    expect(traces.size).toBe(300);
    for (const spans of traces.values()) expect(treeOf(spans)).toHaveLength(10);
  });
});

describe('errors', () => {
  const failing: [string, RequestHandler][] = [
    [
      'thrown',
      () => {
        throw new RangeError('on purpose');
      },
    ],
    ['rejected', async () => Promise.reject(new RangeError('on purpose'))],
    ['handed to next', (_request, _response, next) => next(new RangeError('on purpose'))],
    [
      'handed to next later',
      (_request, _response, next) => void setImmediate(() => next(new RangeError('on purpose'))),
    ],
  ];
  const onError: ErrorRequestHandler = function onError(_error, _request, response, _next) {
    response.status(500).send('no');
  };

  it.each(failing)('%s: mark the layer; route and exception stay on the SERVER span', async (_, handler) => {
    for (const layers of ['none', 'handlers', 'all'] as const) {
      start(layers);
      const app = express().get('/x/:id', handler).use(onError);
      const spans = await spansOf(here, app, '/x/1');
      const server = spanNamed(spans, 'GET /x/:id');
      expect(server.attributes).toMatchObject({ 'http.route': '/x/:id', 'error.type': 'RangeError' });
      expect(server.events.map((event) => event.name)).toEqual(['exception']);
      const layer = spans.find((span) => span.name === 'request handler - /x/:id');
      expect(layer?.status.code).toBe(layers === 'none' ? undefined : SpanStatusCode.ERROR);
      expect(layer?.attributes['error.type']).toBe(layers === 'none' ? undefined : 'RangeError');
      const handled = spans.find((span) => span.name === 'error handler - onError');
      expect(handled?.status.code).toBe(layers === 'all' ? SpanStatusCode.UNSET : undefined);
      await here.stop();
    }
  });
});
