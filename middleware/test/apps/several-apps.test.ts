// Several applications in one process: each has its own name, its own trust and its own ignored paths.

import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express, { type Express, Router } from 'express';
import request from 'supertest';
import { annotate, carryContext, runJob, type TracingOptions, tracing, withSpan } from '../../src/index.ts';
import { sharedState } from '../../src/shared/state.ts';
import { express4 } from '../express/support/expresses.ts';
import { type TracingHere, traceHere } from '../http/support/trace-here.ts';

const CALLER = '0af7651916cd43dd8448eb211c80319c';
const TRACEPARENT = `00-${CALLER}-b7ad6b7169203331-01`;

let here: TracingHere | undefined;

afterEach(async () => {
  await here?.stop();
  here = undefined;
});
afterAll(() => {
  expect(sharedState().faults).toBe(0);
});
beforeEach(() => {
  const state = sharedState();
  state.appServices.clear();
  state.boundaries = [];
  state.appIgnore = [];
  state.apps = 0;
  state.log = undefined;
});

function appWith(options: TracingOptions, make: () => Express = express): Express {
  const app = make();
  app.use(tracing(options));
  app.get('/work', async (_req, res) => {
    await withSpan('step', async () => annotate({ seen: true }));
    res.json(carryContext());
  });
  return app;
}

async function seen(): Promise<string[]> {
  const spans = (await here?.spans()) ?? [];
  return spans
    .map(({ name, resource }) => `${resource.attributes['service.name']}: ${name}`)
    .filter((line) => !line.endsWith(': GET'))
    .sort();
}

async function isContinued(app: Express): Promise<boolean> {
  const { headers } = await request(app).get('/work').set('traceparent', TRACEPARENT);
  return String(headers['traceresponse']).includes(CALLER);
}

describe('names', () => {
  it('are those of the applications, each on all spans of its requests', async () => {
    here = traceHere();
    const [orders, stock] = [appWith({ service: 'orders' }), appWith({ service: 'stock' })];
    await Promise.all([orders, stock, orders].map((app) => request(app).get('/work').expect(200)));
    expect(await seen()).toEqual([
      'orders: GET /work',
      'orders: GET /work',
      'orders: step',
      'orders: step',
      'stock: GET /work',
      'stock: step',
    ]);
  });

  it('leave everything else of the process’s resource as it is, and are one resource each', async () => {
    here = traceHere({ service: 'process' });
    const orders = appWith({ service: 'orders' });
    await request(orders).get('/work');
    await request(orders).get('/work');
    const own = (await here.spans()).filter(
      ({ resource }) => resource.attributes['service.name'] === 'orders',
    );
    expect(own.length).toBe(4);
    expect(new Set(own.map(({ resource }) => resource)).size).toBe(1);
    expect(own[0]?.resource.attributes['process.pid']).toBe(process.pid);
  });

  it('go with a job to the process that has the application', async () => {
    here = traceHere();
    const orders = appWith({ service: 'orders' });
    appWith({ service: 'stock' });
    const { body } = await request(orders).get('/work');
    await here.spans();
    await runJob({ name: 'ship', from: body }, () => undefined);
    expect(await seen()).toEqual(['orders: ship']);
    sharedState().appServices.delete('orders');
    await runJob({ name: 'ship', from: body }, () => undefined);
    expect(await seen()).toEqual([expect.not.stringContaining('orders')]);
  });

  it('are the process’s too where it has one application and no name of its own', async () => {
    here = traceHere();
    appWith({ service: 'orders' });
    withSpan('at the start', () => undefined);
    await runJob({ name: 'nightly' }, () => undefined);
    expect(await seen()).toEqual(['orders: at the start', 'orders: nightly']);
    appWith({ service: 'stock' });
    withSpan('of which?', () => undefined);
    expect(await seen()).toEqual([expect.stringMatching(/^unknown_service.*: of which\?$/)]);
  });

  it('are not carried where the process has one name', async () => {
    here = traceHere({ service: 'orders' });
    const { body } = await request(appWith({ service: 'orders' })).get('/work');
    expect(body).toEqual({ traceparent: expect.any(String) });
  });

  it('give way to the environment, which is said once', async () => {
    const lines: string[] = [];
    process.env['OTEL_SERVICE_NAME'] = 'everything';
    try {
      here = traceHere({ log: (line) => lines.push(line) });
      const apps = [appWith({ service: 'first-app' }), appWith({ service: 'second-app' })];
      for (const app of apps) await request(app).get('/work');
      expect(await seen()).toEqual(['GET /work', 'GET /work', 'step', 'step'].map((n) => `everything: ${n}`));
      expect(lines.filter((line) => line.includes('OTEL_SERVICE_NAME'))).toEqual([
        'longpole: the environment names this process everything, so the names first-app, second-app of its applications are not used; unset OTEL_SERVICE_NAME to have them',
      ]);
    } finally {
      delete process.env['OTEL_SERVICE_NAME'];
    }
  });
});

describe('trust', () => {
  it.each([
    ['Express 5', express],
    ['Express 4', express4 as typeof express],
  ])('of one application of %s is not that of another', async (_version, make) => {
    here = traceHere();
    const edge = appWith({ trustInbound: 'never' }, make);
    const inside = appWith({ trustInbound: 'always' }, make);
    const silent = appWith({}, make);
    expect(await isContinued(inside)).toBe(true);
    expect(await isContinued(edge)).toBe(false);
    expect(await isContinued(silent)).toBe(true);
  });

  it('of startTracing() holds for all of them', async () => {
    here = traceHere({ trustInbound: 'never' });
    const [one, two] = [appWith({ trustInbound: 'always' }), appWith({})];
    expect(await isContinued(one)).toBe(false);
    expect(await isContinued(two)).toBe(false);
  });

  it('is found in a router of the application too', async () => {
    here = traceHere();
    appWith({ trustInbound: 'never' });
    const app = express();
    app.use(Router().use(tracing({ trustInbound: 'always' })));
    app.get('/work', (_req, res) => void res.end());
    expect(await isContinued(app)).toBe(true);
  });

  it('is all of them where an application is mounted in another', async () => {
    here = traceHere();
    const outer = express();
    outer.use(tracing({ trustInbound: 'always' }));
    outer.use(appWith({ trustInbound: 'never' }));
    expect(await isContinued(outer)).toBe(false);
  });

  it('is all of them once an application was called in a way that nobody can see', async () => {
    here = traceHere();
    const inner = appWith({ trustInbound: 'never' });
    const outer = express();
    outer.use(tracing({ trustInbound: 'always' }));
    outer.use((req, res) => void inner(req, res));
    await isContinued(outer);
    expect(await isContinued(outer)).toBe(false);
  });
});

it('ignored paths of one application are traced in another', async () => {
  here = traceHere();
  const quiet = appWith({ service: 'quiet', ignore: ['/work'] });
  const loud = appWith({ service: 'loud' });
  for (const app of [quiet, loud]) await request(app).get('/work').expect(200);
  expect(await seen()).toEqual(['loud: GET /work', 'loud: step']);
});
