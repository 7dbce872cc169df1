// Attributes that a route must have: what is marked, said and counted when one is missing.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import express, { type Express } from 'express';
import { annotate, type TracingOptions, tracing } from '../../src/index.ts';
import { type Bench, benchOf } from './serve.ts';

const MISSING = 'longpole.missing_attributes';
let bench: Bench;
beforeAll(() => {
  bench = benchOf();
});
beforeEach(() => {
  bench.lines.length = 0;
});
afterAll(() => bench.stop());

/** Every application has a route of its own, because a line is said once for each route. */
let apps = 0;
function shop(options: TracingOptions): { app: Express; path: string } {
  apps += 1;
  const path = `/shop${apps}`;
  const app = express().use(tracing(options));
  const router = express.Router();
  router.post('/checkout/:id', (request, response) => {
    if (request.query['user'] !== undefined) annotate({ 'user.id': String(request.query['user']) });
    response.status(Number(request.query['status'] ?? 200)).send('ok');
  });
  router.get('/cart', (_request, response) => void response.send('ok'));
  app.use(path, router);
  app.use('/static', (_request, response) => void response.send('ok'));
  return { app, path };
}
const POST = { method: 'POST' };

describe('require', () => {
  it('marks a span without the attributes, and says so once for each route and attribute', async () => {
    const { app, path } = shop({ require: ['user.id', 'order.id'] });
    const attributes = await bench.attributesOf(app, `${path}/checkout/1`, POST);
    expect(attributes[MISSING]).toEqual(['user.id', 'order.id']);
    await bench.attributesOf(app, `${path}/checkout/2`, POST);
    expect(bench.lines).toEqual([
      `longpole: POST ${path}/checkout/:id ended without user.id`,
      `longpole: POST ${path}/checkout/:id ended without order.id`,
    ]);
  });

  it('marks nothing when they are there, from a getter or from annotate()', async () => {
    const { app, path } = shop({ require: ['user.id', 'order.id'], attributes: { 'order.id': () => 7 } });
    const attributes = await bench.attributesOf(app, `${path}/checkout/1?user=ada`, POST);
    expect(attributes).toMatchObject({ 'user.id': 'ada', 'order.id': 7 });
    expect(attributes).not.toHaveProperty([MISSING]);
    expect(bench.lines).toEqual([]);
  });

  it('by route asks only of that route, with a method or of every method', async () => {
    apps += 1;
    const path = `/shop${apps}`;
    apps -= 1;
    const { app } = shop({
      require: { [`POST ${path}/checkout/:id`]: ['user.id'], [`${path}/cart`]: ['cart.id'], '/x': ['a'] },
    });
    expect((await bench.attributesOf(app, `${path}/checkout/1`, POST))[MISSING]).toEqual(['user.id']);
    expect((await bench.attributesOf(app, `${path}/cart`))[MISSING]).toEqual(['cart.id']);
  });

  it.each([400, 401, 404, 500])('asks nothing of a response with status %i', async (status) => {
    const { app, path } = shop({ require: ['user.id'] });
    const attributes = await bench.attributesOf(app, `${path}/checkout/1?status=${status}`, POST);
    expect(attributes).toMatchObject({ 'http.response.status_code': status });
    expect(attributes).not.toHaveProperty([MISSING]);
    expect(bench.lines).toEqual([]);
  });

  it('asks nothing of a request that comes to no route', async () => {
    const { app } = shop({ require: ['user.id'] });
    expect(await bench.attributesOf(app, '/static')).not.toHaveProperty([MISSING]);
  });

  it('asks nothing of a request whose client is gone before the head', async () => {
    const app = express().use(tracing({ require: ['user.id'] }));
    app.get('/', (request) => void request.socket.destroy());
    const attributes = await bench.attributesOf(app, '/');
    expect(attributes).toMatchObject({ 'error.type': 'client_disconnected' });
    expect(attributes).not.toHaveProperty([MISSING]);
  });

  it('of two tracing() adds up, each name once', async () => {
    const { app, path } = shop({ require: ['user.id', 'a.b'] });
    const outer = express().use(tracing({ require: ['user.id', 'c.d'] }), app);
    expect((await bench.attributesOf(outer, `${path}/cart`))[MISSING]).toEqual(['user.id', 'c.d', 'a.b']);
  });

  it('says nothing in production, but marks the span', async () => {
    const before = process.env['NODE_ENV'];
    process.env['NODE_ENV'] = 'production';
    try {
      const { app, path } = shop({ require: ['user.id'] });
      expect((await bench.attributesOf(app, `${path}/cart`))[MISSING]).toEqual(['user.id']);
    } finally {
      process.env['NODE_ENV'] = before;
    }
    expect(bench.lines).toEqual([]);
  });

  it('counts what is missing with `strict: true`, and only then', async () => {
    const before = bench.tracing.stats().missingAttributes['strict.id'] ?? 0;
    const lenient = shop({ require: ['lenient.id'] });
    const strict = shop({ require: ['strict.id'], strict: true });
    await bench.attributesOf(lenient.app, `${lenient.path}/cart`);
    await bench.attributesOf(strict.app, `${strict.path}/cart`);
    await bench.attributesOf(strict.app, `${strict.path}/cart`);
    const { missingAttributes } = bench.tracing.stats();
    expect(missingAttributes['strict.id']).toBe(before + 2);
    expect(missingAttributes).not.toHaveProperty(['lenient.id']);
  });
});

describe('a wrong `require`', () => {
  it.each<[unknown, RegExp]>([
    ['user.id', /expected an array of attribute names.*Did you mean \['user\.id'\]\?/],
    [7, /received 7 for `require`: expected an array of attribute names, or an object/],
    [[7], /expected an array of attribute names\. /],
    [['user.id', ''], /expected an array of attribute names\. /],
    [{ 'POST /x': 'user.id' }, /for 'POST \/x' an array of attribute names\. Did you mean \['user\.id'\]\?/],
    [{ 'POST /x': [1] }, /for 'POST \/x' an array of attribute names/],
    [{ 'post /x': ['a'] }, /'post \/x' is no route.*Did you mean 'POST \/x'\?/],
    [{ 'PSOT /x': ['a'] }, /Did you mean 'POST \/x'\?/],
    [{ 'POST x': ['a'] }, /Did you mean 'POST \/x'\?/],
    [{ 'POST  /x': ['a'] }, /Did you mean 'POST \/x'\?/],
    [{ x: ['a'] }, /Did you mean '\/x'\?/],
  ])('%j is refused with the cure', (require, message) => {
    expect(() => tracing({ require: require as string[] })).toThrow(message);
    expect(() => tracing({ require: require as string[] })).toThrow(/\[ERR_LONGPOLE_INVALID_OPTION\]$/);
  });

  it('may not be missing where `strict` is set', () => {
    expect(() => tracing({ strict: true })).toThrow(/true for `strict` without `require`/);
    expect(() => tracing({ requires: ['a'] } as never)).toThrow(/Did you mean `require`\?/);
  });
});
