// Several applications in one process: each has its own name, its own trust and its own ignored paths.

import { createServer } from 'node:http';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { context, propagation, SpanKind } from '@opentelemetry/api';
import { AlwaysOffSampler, ParentBasedSampler } from '@opentelemetry/sdk-trace';
import express, { type Express, type NextFunction, type Request, type Response, Router } from 'express';
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

  it('of an application behind a function is never less than it says', async () => {
    here = traceHere();
    appWith({ trustInbound: 'always' });
    const edge = appWith({ trustInbound: 'never' });
    for (const server of [
      createServer((req, res) => void edge(req, res)),
      createServer(new Proxy(edge, {})),
      createServer().on('request', edge),
    ]) {
      expect(await isContinued(server as unknown as Express)).toBe(false);
    }
  });
});

describe('trust of an application that another one calls by a function', () => {
  type Call = (inner: Express) => (req: Request, res: Response, next: NextFunction) => void;
  const calls: [string, Call][] = [
    ['a plain function', (inner) => (req, res) => void inner(req, res)],
    [
      'a function that comes to it later',
      (inner) => async (req, res) => {
        await new Promise((resolve) => setImmediate(resolve));
        inner(req, res);
      },
    ],
    [
      'virtual hosts',
      (inner) => (req, res, next) => {
        if (req.headers.host?.startsWith('127.0.0.1') === true) inner(req, res, next);
        else next();
      },
    ],
    [
      'an emitter that hands requests on',
      (inner) => (req, res) => void createServer(inner).emit('request', req, res),
    ],
  ];

  const lines: string[] = [];

  const outerWith = (inner: Express, call: Call, options: TracingOptions = {}): Express => {
    const outer = express();
    outer.use(tracing({ trustInbound: 'always', ...options }));
    outer.use(call(inner));
    return outer;
  };

  it.each(calls)('holds from the first request on: %s', async (_how, call) => {
    here = traceHere({ log: (line) => lines.push(line) });
    const outer = outerWith(appWith({ trustInbound: 'never' }), call);
    expect(await isContinued(outer)).toBe(false);
    const spans = (await here.spans()).filter(({ kind }) => kind !== SpanKind.CLIENT);
    const named = (name: string) => spans.find((span) => span.name === name);
    const own = named('GET /work');
    expect(own?.parentSpanContext).toBeUndefined();
    expect(own?.links.map((link) => link.context.traceId)).toEqual([CALLER]);
    expect(named('step')?.spanContext().traceId).toBe(own?.spanContext().traceId);
    expect(named('GET')?.spanContext().traceId).toBe(CALLER);
    expect(own?.startTime).toEqual(named('GET')?.startTime);
    expect(await isContinued(outer)).toBe(false);
    expect(await seen()).toHaveLength(2);
  });

  it('is told once', () => {
    expect(lines.filter((line) => line.includes('called by a function of another one'))).toHaveLength(1);
  });

  it('does not let a forged flag force or hide the first request', async () => {
    here = traceHere({ sampler: new ParentBasedSampler({ root: new AlwaysOffSampler() }) });
    const outer = outerWith(appWith({ trustInbound: 'never' }), calls[0]![1]);
    const { headers } = await request(outer).get('/work').set('traceparent', TRACEPARENT);
    expect(String(headers['traceresponse'])).toMatch(/-00$/);
  });

  it('keeps baggage and tracestate of the caller out of it, and what the outer one has asked for on the span', async () => {
    here = traceHere();
    const inner = express().use(tracing({ trustInbound: 'never', service: 'inner' }));
    inner.get('/work', (_req, res) => {
      const carried: Record<string, string> = {};
      propagation.inject(context.active(), carried);
      res.json(carried);
    });
    const outer = outerWith(inner, calls[0]![1], {
      service: 'outer',
      attributes: { 'who.asks': () => 'outer' },
    });
    const { body } = await request(outer)
      .get('/work')
      .set({ traceparent: TRACEPARENT, tracestate: 'a=b', baggage: 'user=eve' });
    expect(Object.keys(body)).toEqual(['traceparent']);
    const span = (await here.spans()).find(({ name }) => name === 'GET /work');
    expect(span?.attributes['who.asks']).toBe('outer');
    expect(span?.resource.attributes['service.name']).toBe('outer');
  });

  it('holds for its list of baggage keys too', async () => {
    here = traceHere();
    const inner = express().use(tracing({ baggage: ['tenant'] }));
    inner.get('/work', (_req, res) => res.json(propagation.getActiveBaggage()?.getAllEntries()));
    const { body, headers } = await request(outerWith(inner, calls[0]![1]))
      .get('/work')
      .set({ traceparent: TRACEPARENT, baggage: 'user=eve,tenant=t1' });
    expect(body).toEqual([['tenant', { value: 't1' }]]);
    expect(String(headers['traceresponse'])).toContain(CALLER);
  });

  it('holds for a request that is ignored and hands its context on', async () => {
    here = traceHere();
    const inner = express().use(tracing({ trustInbound: 'never' }));
    inner.get('/healthz', (_req, res) => {
      const carried: Record<string, string> = {};
      propagation.inject(context.active(), carried);
      res.json(carried);
    });
    const { body } = await request(outerWith(inner, calls[0]![1]))
      .get('/healthz')
      .set('traceparent', TRACEPARENT);
    expect(body).toEqual({});
    expect(await seen()).toEqual([]);
  });

  it('holds for a tracing() that is made within the request', async () => {
    here = traceHere();
    const app = express();
    app.use((req, res, next) => tracing({ trustInbound: 'never' })(req, res, next));
    app.get('/work', (_req, res) => void res.end());
    expect(await isContinued(app)).toBe(false);
  });

  it('holds for a wrapped application', async () => {
    here = traceHere();
    const wrap: Call = (inner) => new Proxy(inner, {});
    expect(await isContinued(outerWith(appWith({ trustInbound: 'never' }), wrap))).toBe(false);
  });

  it('leaves alone what is trusted by both', async () => {
    here = traceHere();
    const outer = outerWith(appWith({ trustInbound: 'private' }), calls[0]![1]);
    expect(await isContinued(outer)).toBe(true);
    expect(await seen()).toHaveLength(2);
  });
});

it('ignored paths of one application are traced in another', async () => {
  here = traceHere();
  const quiet = appWith({ service: 'quiet', ignore: ['/work'] });
  const loud = appWith({ service: 'loud' });
  for (const app of [quiet, loud]) await request(app).get('/work').expect(200);
  expect(await seen()).toEqual(['loud: GET /work', 'loud: step']);
});

it('health checks of one application get spans, those of another do not', async () => {
  here = traceHere();
  const withProbes = (options: TracingOptions): Express => {
    const app = express().use(tracing(options));
    return app.get('/healthz', (_req, res) => void res.end());
  };
  const loud = withProbes({ service: 'loud', ignoreDefaults: false });
  const quiet = withProbes({ service: 'quiet' });
  const quietToo = withProbes({ service: 'quiet too', ignoreDefaults: true });
  for (const app of [loud, quiet, quietToo]) await request(app).get('/healthz').expect(200);
  expect(await seen()).toEqual(['loud: GET /healthz']);
});
