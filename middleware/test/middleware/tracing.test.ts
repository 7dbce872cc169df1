// tracing() in an application, in plain Jest with supertest: attributes, the response header, options.

import http from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Attributes, SpanKind } from '@opentelemetry/api';
import express, { type Express } from 'express';
import supertest from 'supertest';
import { currentTrace, type TracingOptions, tracing } from '../../src/index.ts';
import { sharedState } from '../../src/shared/state.ts';
import { listen } from '../conformance/harness/listen.ts';
import { type TracingHere, traceHere } from '../http/support/trace-here.ts';

let here: TracingHere;
let close: () => Promise<void> = async () => undefined;

beforeAll(() => {
  here = traceHere();
});
afterEach(async () => {
  await close();
  await here.spans();
});
afterAll(() => here.stop());

async function serve(listener: http.RequestListener) {
  const server = await listen(http.createServer(listener));
  close = server.close;
  return supertest(`http://127.0.0.1:${server.port}`);
}

async function serverAttributes(): Promise<Attributes> {
  const span = (await here.spans()).find((each) => each.kind === SpanKind.SERVER);
  return span?.attributes ?? {};
}

function orders(options: TracingOptions): Express {
  const app = express();
  app.use(tracing(options), express.json());
  app.post('/orders/:id', (request, response) => {
    (request as { user?: string }).user = 'ada';
    response.status(201).json({ trace: currentTrace()?.traceId });
  });
  return app;
}

describe('attributes', () => {
  it('are read when the response has ended, when the body, the parameters and the user are known', async () => {
    const app = orders({
      attributes: {
        'order.id': (request) => request.params.id,
        'order.items': (request) => (request.body as { items: number[] }).items.length,
        'order.tags': () => ['a', 'b'],
        'user.id': (request) => (request as { user?: string }).user,
        'url.was': (request) => request.originalUrl,
      },
    });
    await (await serve(app)).post('/orders/7?x=1').send({ items: [1, 2, 3] });
    expect(await serverAttributes()).toMatchObject({
      'order.id': '7',
      'order.items': 3,
      'order.tags': ['a', 'b'],
      'user.id': 'ada',
      'url.was': '/orders/7?x=1',
    });
  });

  it('that are undefined or whose getter throws are left out, and the request never notices', async () => {
    const before = sharedState().faults;
    const app = orders({
      attributes: {
        'a.undefined': () => undefined,
        'b.broken': () => {
          throw new Error('not today');
        },
        'c.fine': () => true,
      },
    });
    const answer = await (await serve(app)).post('/orders/7').send({});
    expect(answer.status).toBe(201);
    const attributes = await serverAttributes();
    expect(attributes).toMatchObject({ 'c.fine': true, 'http.response.status_code': 201 });
    expect(Object.keys(attributes).filter((key) => /undefined|broken/.test(key))).toEqual([]);
    expect(sharedState().faults).toBe(before + 1);
  });

  it('of two tracing() in one application are all read, each once', async () => {
    let reads = 0;
    const first = tracing({ attributes: { 'a.count': () => ++reads } });
    const app = express();
    app.use(first, first, tracing({ attributes: { 'b.fine': () => true } }));
    app.get('/', (_request, response) => void response.send('ok'));
    await (await serve(app)).get('/');
    expect(await serverAttributes()).toMatchObject({ 'a.count': 1, 'b.fine': true });
    expect(reads).toBe(1);
  });

  it('are read for a request that is cut off too', async () => {
    const app = express();
    app.use(tracing({ attributes: { 'order.id': () => '7' } }));
    app.get('/', (request) => void request.socket.destroy());
    await (await serve(app)).get('/').catch(() => undefined);
    expect(await serverAttributes()).toMatchObject({ 'order.id': '7', 'error.type': 'client_disconnected' });
  });
});

describe('the traceresponse header', () => {
  it('names the trace and the SERVER span, once', async () => {
    const app = express();
    app.use(tracing(), tracing());
    app.get('/', (_request, response) => void response.json(currentTrace()));
    const { headers, body } = await (await serve(app)).get('/');
    expect(headers.traceresponse).toBe(`00-${body.traceId}-${body.spanId}-01`);
  });

  it('tells that a request is not sampled', async () => {
    const app = express().use(tracing());
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const { headers } = await (await serve(app))
      .get('/')
      .set('traceparent', `00-${trace}-b7ad6b7169203331-00`);
    expect(headers.traceresponse).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-00$`));
  });

  it('is left out on request, and on ignored requests', async () => {
    const app = express();
    app.use(tracing({ responseHeader: false, ignore: ['/quiet'] }));
    app.use('/quiet', tracing(), (_request, response) => void response.send('ok'));
    const agent = await serve(app);
    expect((await agent.get('/')).headers).not.toHaveProperty('traceresponse');
    expect((await agent.get('/quiet')).headers).not.toHaveProperty('traceresponse');
  });

  it('does not fail on a response whose head is sent already', async () => {
    const app = express();
    app.use((_request, response, next) => void response.writeHead(200).write('head', () => next()));
    app.use(tracing({ attributes: { 'a.fine': () => true } }));
    app.use((_request, response) => void response.end());
    await (await serve(app)).get('/');
    expect(await serverAttributes()).toMatchObject({ 'a.fine': true });
  });
});

describe('tracing()', () => {
  it('gives requests that match its ignore rules no span', async () => {
    const app = express().use(
      tracing({ ignore: [/^\/assets\//, (request) => request.method === 'OPTIONS'] }),
    );
    const agent = await serve(app);
    await agent.get('/assets/app.js');
    await agent.options('/');
    expect(await serverAttributes()).toEqual({});
  });

  it('works where there is no Express at all', async () => {
    const middleware = tracing({ attributes: { 'a.path': (request) => request.url ?? '' } });
    const listener: http.RequestListener = (request, response) =>
      middleware(request, response, () => response.end(currentTrace()?.traceId));
    const { text, headers } = await (await serve(listener)).get('/plain');
    expect(headers.traceresponse).toContain(text);
    expect(await serverAttributes()).toMatchObject({ 'a.path': '/plain' });
  });

  it('brings the context back where an earlier middleware has lost it', async () => {
    const waiting: (() => void)[] = [];
    const app = express();
    app.use((_request, _response, next) => void waiting.push(next));
    app.use(tracing());
    app.get('/', (_request, response) => void response.send(currentTrace()?.traceId ?? 'lost'));
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const agent = await serve((request, response) => {
      app(request, response);
    });
    const pool = setInterval(() => {
      for (const next of waiting.splice(0)) next();
    }, 1);
    const { text } = await agent.get('/').set('traceparent', `00-${traceId}-b7ad6b7169203331-01`);
    clearInterval(pool);
    expect(text).toBe(traceId);
  });

  it.each<[string, unknown, RegExp]>([
    ['a misspelt option', { atributes: {} }, /unknown option `atributes`. Did you mean `attributes`\?/],
    [
      'an option of nothing known',
      { colour: 'red' },
      /unknown option `colour`. It knows service, attributes/,
    ],
    [
      'attributes that are no functions',
      { attributes: { 'user.id': 'ada' } },
      /for `attributes`: expected an object of functions/,
    ],
    ['an empty service', { service: ' ' }, /received " " for `service`: expected a non-empty string/],
    [
      'an ignore rule of the wrong kind',
      { ignore: [42] },
      /\[42\] for `ignore`: expected paths that begin with \//,
    ],
    [
      'a header that is no boolean',
      { responseHeader: 'yes' },
      /for `responseHeader`: expected true or false/,
    ],
    ['no object', 'orders', /tracing\(\) takes an options object, but received "orders"/],
  ])('refuses %s at once', (_what, options, message) => {
    expect(() => tracing(options as TracingOptions)).toThrow(message);
  });
});
