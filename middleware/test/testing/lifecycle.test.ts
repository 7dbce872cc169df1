// How capturing begins and ends: what it takes over, what it refuses, what it leaves behind, and what strictness does.

import { channel } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  type TracerProvider as ApiTracerProvider,
  context,
  propagation,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { InMemorySpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import express, { type Express } from 'express';
import request from 'supertest';
import { startTracing, type TracingOptions, tracing } from '../../src/index.ts';
import { sharedState } from '../../src/shared/state.ts';
import { type CaptureOptions, captureTraces, type Traces } from '../../src/testing.ts';

const CHANNELS = [
  'http.server.request.start',
  'http.client.request.created',
  'undici:request:create',
  'tracing:express.router.request:start',
  'net.client.socket',
  'net.server.socket',
];
let running: Traces | undefined;
const written = jest.spyOn(process.stderr, 'write').mockReturnValue(true);

beforeEach(() => void written.mockClear());
afterEach(async () => {
  for (const name of Object.keys(process.env)) if (/^(OTEL|LONGPOLE)_/.test(name)) delete process.env[name];
  await running?.stop();
  running = undefined;
});

/** Lets Jest look as it does while it reads a test file. */
function beforeTheFirstTest(work: () => void): void {
  const key = Object.getOwnPropertySymbols(globalThis).find(
    ({ description }) => description === 'JEST_STATE_SYMBOL',
  );
  if (key === undefined) throw new Error('Jest keeps its state elsewhere');
  const state = (globalThis as unknown as Record<symbol, { hasStarted: boolean }>)[key];
  if (state?.hasStarted !== true) throw new Error('Jest keeps its state in another form');
  state.hasStarted = false;
  try {
    work();
  } finally {
    state.hasStarted = true;
  }
}

function capture(options: CaptureOptions = {}): Traces {
  running = captureTraces({ hooks: false, deadlineMs: 1000, ...options });
  return running;
}

function appWith(options: TracingOptions = {}): Express {
  const app = express();
  app.use(tracing({ service: 'orders', ...options }));
  app.get('/orders', (_req, res) => void res.end());
  return app;
}

const namesOf = async (traces: Traces, app: Express): Promise<string[]> =>
  (await traces.of(await request(app).get('/orders'))).spans.map(({ service, name }) => `${service} ${name}`);

describe('the beginning', () => {
  it('may come after the application, which has started nothing', async () => {
    const app = appWith();
    expect(sharedState().handle).toBeUndefined();
    expect(CHANNELS.map((name) => channel(name).hasSubscribers)).toEqual(CHANNELS.map(() => false));
    expect(await namesOf(capture(), app)).toEqual(['orders GET /orders']);
  });

  it('says nothing, sends nothing and samples everything, whatever the environment says', async () => {
    const variables = {
      OTEL_SDK_DISABLED: 'true',
      OTEL_TRACES_SAMPLER: 'always_off',
      OTEL_PROPAGATORS: 'none',
      OTEL_TRACES_EXPORTER: 'console',
      OTEL_SERVICE_NAME: 'environment',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=other',
      OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '1',
      LONGPOLE_TRUST_INBOUND: 'never',
    };
    Object.assign(process.env, variables);
    const printed = jest.spyOn(console, 'dir').mockReturnValue(undefined);
    const traces = capture();
    const app = appWith({ require: ['order.id'] });
    expect(await namesOf(traces, app)).toEqual(['orders GET /orders']);
    const response = await request(app)
      .get('/orders')
      .set('traceparent', `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`);
    const { traceId, spans } = await traces.of(response);
    expect(traceId).toBe('a'.repeat(32));
    expect(Object.keys(spans[0]?.attributes ?? {}).length).toBeGreaterThan(3);
    expect(printed).not.toHaveBeenCalled();
    expect(written).not.toHaveBeenCalled();
  });

  it('ends what startTracing() has begun, whose spans so far go where they belong', async () => {
    const exporter = new InMemorySpanExporter();
    const shutdown = jest.spyOn(exporter, 'shutdown').mockResolvedValue();
    const handle = startTracing({ exporter, log: () => undefined });
    const app = appWith();
    await request(app).get('/orders');
    const traces = capture();
    expect(await namesOf(traces, app)).toEqual(['orders GET /orders']);
    await handle.shutdown();
    expect(exporter.getFinishedSpans().filter(({ kind }) => kind === 1)).toHaveLength(1);
    expect(shutdown).toHaveBeenCalledTimes(1);
    expect(await namesOf(traces, app)).toEqual(['orders GET /orders']);
    await traces.stop();
    expect(trace.getTracer('x').startSpan('x').isRecording()).toBe(false);
  });

  it('gives spans of applications without a name the one that startTracing() has, before or after', async () => {
    startTracing({
      service: 'first',
      exporter: new InMemorySpanExporter(),
      log: () => undefined,
    });
    const app = express();
    app.use(tracing());
    app.get('/orders', (_req, res) => void res.end());
    expect(await namesOf(capture(), app)).toEqual(['first GET /orders']);
    await running?.stop();
    const traces = capture();
    startTracing({ service: 'second' });
    expect(await namesOf(traces, app)).toEqual(['second GET /orders']);
    await traces.stop();
    const named = capture({ service: 'named by the test' });
    startTracing({ service: 'third' });
    expect(await namesOf(named, app)).toEqual(['named by the test GET /orders']);
  });

  it('can be made again after the end, without what was before', async () => {
    const app = appWith();
    const first = capture();
    await namesOf(first, app);
    await first.stop();
    const second = capture();
    expect(second.all()).toEqual([]);
    expect(await namesOf(second, app)).toEqual(['orders GET /orders']);
    expect(first.all()).toHaveLength(1);
  });
});

describe('it is refused', () => {
  it('while it runs', () => {
    capture();
    expect(() => captureTraces({ hooks: false })).toThrow(
      expect.objectContaining({
        code: 'ERR_LONGPOLE_CAPTURE_CONFLICT',
        message: expect.stringContaining('captureTraces() runs in this process already'),
      }),
    );
  });

  it('in a test or a hook of Jest, whose hooks come too late there, and leaves nothing behind', () => {
    expect(() => captureTraces()).toThrow(
      expect.objectContaining({
        code: 'ERR_LONGPOLE_CAPTURE_CONFLICT',
        message: expect.stringMatching(/in a test or a hook.*at the top of the test file.*hooks: false/),
      }),
    );
    expect(sharedState().watcher).toBeUndefined();
  });

  it('with the stock instrumentations', () => {
    process.env['LONGPOLE_INSTRUMENTATION'] = 'stock';
    expect(() => captureTraces({ hooks: false })).toThrow(
      /stock instrumentations, which do not work in test runners/,
    );
  });

  it('beside another SDK, which is left alone', () => {
    const provider = new TracerProvider();
    trace.setGlobalTracerProvider(provider);
    try {
      expect(() => captureTraces({ hooks: false })).toThrow(
        /another|OpenTelemetry SDK is registered in this process already/,
      );
      expect(trace.getTracer('x').startSpan('x').isRecording()).toBe(true);
    } finally {
      trace.disable();
    }
  });

  it.each([
    [{ deadlineMS: 5 }, 'ERR_LONGPOLE_UNKNOWN_OPTION', 'Did you mean `deadlineMs`?'],
    [{ deadlineMs: -1 }, 'ERR_LONGPOLE_INVALID_OPTION', 'received -1 for `deadlineMs`'],
    [{ layers: 'some' }, 'ERR_LONGPOLE_INVALID_OPTION', "expected one of 'none', 'handlers', 'all'"],
  ])('for %j', (options, code, message) => {
    expect(() => captureTraces(options as CaptureOptions)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
    expect(sharedState().watcher).toBeUndefined();
  });

  it('for options of a wait', async () => {
    const failing = capture().of('1'.repeat(32), { deadline: 5 } as object);
    await expect(failing).rejects.toMatchObject({ code: 'ERR_LONGPOLE_UNKNOWN_OPTION' });
  });
});

describe('the end', () => {
  it('leaves no listener, no global and no wait behind', async () => {
    const before = process.eventNames().map((name) => [name, process.listenerCount(name)]);
    const traces = capture();
    const app = appWith();
    await namesOf(traces, app);
    expect(CHANNELS.map((name) => channel(name).hasSubscribers)).toEqual(CHANNELS.map(() => true));
    const waiting = traces.of('1'.repeat(32), { deadlineMs: 60_000 });
    const abandoned = { code: 'ERR_LONGPOLE_CAPTURE_STOPPED' };
    const refused = expect(waiting).rejects.toMatchObject(abandoned);
    await expect(traces.stop()).rejects.toMatchObject(abandoned);
    running = undefined;
    await refused;
    expect(CHANNELS.map((name) => channel(name).hasSubscribers)).toEqual(CHANNELS.map(() => false));
    expect(process.eventNames().map((name) => [name, process.listenerCount(name)])).toEqual(before);
    const { handle, watcher, owners } = sharedState();
    expect([handle, watcher, owners.size]).toEqual([undefined, undefined, 0]);
    expect(propagation.fields()).toEqual([]);
    expect(context.with(context.active().setValue(Symbol('key'), 1), () => context.active())).toBe(
      context.active(),
    );
    expect((await request(app).get('/orders')).headers).not.toHaveProperty('traceresponse');
  });

  it('ends a wait that nobody awaits without an unhandled rejection, and says so to who stops', async () => {
    const traces = capture();
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    void traces.of('1'.repeat(32), { deadlineMs: 60_000 });
    void traces.waitFor(() => false, { deadlineMs: 60_000 });
    await expect(traces.stop()).rejects.toMatchObject({ code: 'ERR_LONGPOLE_CAPTURE_STOPPED' });
    running = undefined;
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('keeps what was captured, and refuses to wait for more', async () => {
    const traces = capture();
    const response = await request(appWith()).get('/orders');
    const seen = await traces.of(response);
    await traces.stop();
    expect(await traces.of(response)).toEqual(seen);
    await expect(traces.of('1'.repeat(32))).rejects.toMatchObject({ code: 'ERR_LONGPOLE_CAPTURE_STOPPED' });
  });

  it('comes with the block', async () => {
    {
      await using traces = captureTraces({ hooks: false });
      expect(sharedState().watcher).toBeDefined();
      expect(traces.all()).toEqual([]);
    }
    expect(sharedState().watcher).toBeUndefined();
  });

  it('comes by the runner’s own hooks where it has them', async () => {
    const hooks: Record<string, () => void | Promise<void>> = {};
    const { afterAll: ofJest, afterEach: eachOfJest } = globalThis as Record<string, unknown>;
    Object.assign(globalThis, {
      afterAll: (work: () => Promise<void>) => Object.assign(hooks, { work }),
      afterEach: (check: () => void) => Object.assign(hooks, { check }),
    });
    try {
      beforeTheFirstTest(() => captureTraces());
    } finally {
      Object.assign(globalThis, { afterAll: ofJest, afterEach: eachOfJest });
    }
    hooks['check']?.();
    await hooks['work']?.();
    expect(sharedState().watcher).toBeUndefined();
  });
});

describe('tracing({ require, strict: true })', () => {
  const lacking = { require: ['order.id', 'user.id'], strict: true };
  const refusal = {
    code: 'ERR_LONGPOLE_MISSING_ATTRIBUTES',
    message: expect.stringContaining('  GET /orders ended without order.id, user.id\n'),
  };

  it('fails the test that asks for the trace, once', async () => {
    const traces = capture();
    const response = await request(appWith(lacking)).get('/orders');
    await expect(traces.of(response)).rejects.toMatchObject(refusal);
    expect((await traces.of(response)).spans[0]?.attributes['longpole.missing_attributes']).toEqual([
      'order.id',
      'user.id',
    ]);
  });

  it('fails the end when nobody has asked', async () => {
    const traces = capture();
    await request(appWith(lacking)).get('/orders');
    while (!traces.all().every(({ isComplete }) => isComplete))
      await new Promise((resolve) => setImmediate(resolve));
    await expect(traces.stop()).rejects.toMatchObject(refusal);
    running = undefined;
  });

  it('lets it pass when told so, and without `strict`', async () => {
    const traces = capture({ strict: false });
    expect(await namesOf(traces, appWith(lacking))).toHaveLength(1);
    await traces.stop();
    const strict = capture();
    expect(await namesOf(strict, appWith({ require: ['order.id'] }))).toHaveLength(1);
    await strict.stop();
  });
});

describe('its options', () => {
  it('name what has no name, show layers, keep to a budget and fold', async () => {
    const app = express();
    app.use(tracing());
    app.get('/orders', async (_req, res) => {
      const tracer = trace.getTracer('test');
      const startMs = Date.now();
      for (let i = 0; i < 8; i += 1) tracer.startSpan('row', { startTime: startMs + i }).end(startMs + i + 1);
      for (let i = 0; i < 5; i += 1) tracer.startSpan(`step ${i}`).end();
      res.end();
    });
    expect(await namesOf(capture(), app)).toHaveLength(14);
    await running?.stop();
    const options = { service: 'shop', layers: 'handlers', spanBudget: 4, foldRuns: true } as const;
    expect(await namesOf(capture(options), app)).toEqual([
      'shop GET /orders',
      expect.stringContaining('shop '),
      'shop row',
      'shop step 0',
    ]);
  });

  it('add instrumentations, until the end', async () => {
    class Database {
      readonly instrumentationName = 'database';
      readonly instrumentationVersion = '1';
      isEnabled = false;
      tracer: Tracer | undefined;
      enable(): void {
        this.isEnabled = true;
      }
      disable(): void {
        this.isEnabled = false;
      }
      setTracerProvider(provider: ApiTracerProvider): void {
        this.tracer = provider.getTracer('database');
      }
      setMeterProvider(): void {}
      setConfig(): void {}
      getConfig(): { enabled: boolean } {
        return { enabled: this.isEnabled };
      }
    }
    const database = new Database();
    const traces = capture({ instrumentations: [database] });
    const app = appWith();
    app.get('/rows', (_req, res) => {
      database.tracer?.startSpan('SELECT').end();
      res.end();
    });
    const { spans } = await traces.of(await request(app).get('/rows'));
    expect(spans.map(({ name, scope }) => `${scope.name} ${name}`)).toContain('database SELECT');
    await traces.stop();
    expect(database.isEnabled).toBe(false);
  });

  it('show the calls of the test', async () => {
    const traces = capture({ callsOfTest: true });
    expect(await namesOf(traces, appWith())).toEqual(['unknown_service GET', 'orders GET /orders']);
  });
});
