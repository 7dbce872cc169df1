// startTracing() inside one process: once, with checked options, and gone without a trace after shutdown.

import diagnostics from 'node:diagnostics_channel';
import { afterEach, describe, expect, it } from '@jest/globals';
import { context, propagation, trace } from '@opentelemetry/api';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import { AlwaysOffSampler, InMemorySpanExporter, SamplingDecision } from '@opentelemetry/sdk-trace';
import { type StartOptions, startTracing, withSpan } from '../../src/index.ts';
import { sharedState } from '../../src/shared/state.ts';

const CHANNELS = [
  'http.server.request.start',
  'http.client.request.created',
  'http.client.response.finish',
  'http.client.request.error',
  'undici:request:create',
  'tracing:express.router.request:start',
];
const ENDS = ['SIGTERM', 'SIGINT', 'beforeExit', 'exit'] as const;

const listening = (): unknown => ({
  channels: CHANNELS.filter((channel) => diagnostics.hasSubscribers(channel)),
  ends: ENDS.map((event) => process.listenerCount(event)),
  owners: sharedState().owners.size,
});

const QUIET = listening();

const said: string[] = [];
const log = (line: string): void => void said.push(line);

function start(options: StartOptions = {}) {
  return startTracing({ exporter: new InMemorySpanExporter(), log, ...options });
}

afterEach(async () => {
  await sharedState().handle?.shutdown();
  said.length = 0;
});

describe('startTracing()', () => {
  it('starts once: later calls return the first handle and say nothing', () => {
    const first = start({ service: 'one' });
    expect(start({ service: 'two' })).toBe(first);
    expect(startTracing()).toBe(first);
    expect(said).toEqual([
      'longpole: tracing one by listening to http, fetch and Express → the given exporter',
    ]);
  });

  it('names no service when nobody did', () => {
    start();
    expect(said[0]).toMatch(/tracing a service without a name \(set OTEL_SERVICE_NAME\)/);
  });

  it('leaves nothing behind after shutdown, and starts again', async () => {
    for (let round = 0; round < 3; round += 1) {
      const exporter = new InMemorySpanExporter();
      let exported = 0;
      exporter.shutdown = async () => {
        exported = exporter.getFinishedSpans().length;
      };
      const handle = start({ exporter });
      expect(listening()).not.toEqual(QUIET);
      withSpan('work', () => {});
      await handle.shutdown();
      expect(exported).toBe(1);
      expect(handle.stats()).toMatchObject({ started: 1, ended: 1, exported: 1, queued: 0, dropped: {} });
      expect(listening()).toEqual(QUIET);
      expect(sharedState().handle).toBeUndefined();
    }
    expect(trace.getTracer('x').startSpan('after').isRecording()).toBe(false);
    expect(propagation.fields()).toEqual([]);
    expect(context.active()).toBeDefined();
  });

  it('shuts down once', async () => {
    const handle = start();
    const ending = handle.shutdown();
    expect(handle.shutdown()).toBe(ending);
    await ending;
  });

  it('forgets its own ignore rules with the shutdown, and only those', async () => {
    sharedState().ignore.push('/of-tracing');
    const handle = start({ ignore: ['/a', /b/] });
    expect(sharedState().ignore).toHaveLength(3);
    await handle.shutdown();
    expect(sharedState().ignore.splice(0)).toEqual(['/of-tracing']);
  });

  it('takes a sampler of the code', () => {
    start({ sampler: new AlwaysOffSampler() });
    expect(said[0]).toMatch(/, sampler AlwaysOffSampler →/);
    expect(withSpan('x', (span) => span.isRecording())).toBe(false);
  });

  it('counts spans that a sampler only lets record', async () => {
    const sampler = {
      shouldSample: () => ({ decision: SamplingDecision.RECORD }),
      toString: () => 'recording',
    };
    const handle = start({ sampler });
    withSpan('x', () => {});
    expect(handle.stats()).toMatchObject({ started: 1, ended: 1, unsampled: 1, queued: 0 });
  });

  it('enables the instrumentations it is given and disables them at the end', async () => {
    const calls: string[] = [];
    const instrumentation = {
      instrumentationName: 'mine',
      instrumentationVersion: '1',
      enable: () => calls.push('enable'),
      disable: () => calls.push('disable'),
      setTracerProvider: () => calls.push('provider'),
      setMeterProvider: () => {},
      setConfig: () => {},
      getConfig: () => ({}),
    } as unknown as Instrumentation;
    await start({ instrumentations: [instrumentation] }).shutdown();
    expect(calls).toContain('provider');
    expect(calls.at(-1)).toBe('disable');
  });
});

describe('what goes wrong at the start', () => {
  it('does not reach the application: a line and a handle that does nothing', async () => {
    const broken = {
      enable() {},
      setTracerProvider() {
        throw new Error('the instrumentation is broken');
      },
    } as unknown as Instrumentation;
    const handle = start({ instrumentations: [broken] });
    expect(said).toEqual(['longpole: not tracing, starting failed: the instrumentation is broken']);
    await handle.forceFlush();
    expect(handle.stats()).toMatchObject({ started: 0, exported: 0 });
    await handle.shutdown();
  });

  it('leaves nothing listening', () => {
    const broken = {
      enable() {},
      setTracerProvider() {
        throw new Error('broken');
      },
    } as unknown as Instrumentation;
    start({ instrumentations: [broken] });
    expect(listening()).toEqual(QUIET);
  });

  it('a log that throws is no reason to fail', () => {
    const handle = start({
      log: () => {
        throw new Error('no console');
      },
    });
    expect(withSpan('x', (span) => span.isRecording())).toBe(true);
    expect(handle.stats().faults).toBeGreaterThan(0);
  });
});

describe('OTEL_SDK_DISABLED', () => {
  it('starts nothing', async () => {
    process.env['OTEL_SDK_DISABLED'] = 'TRUE';
    try {
      const handle = start();
      expect(said).toEqual(['longpole: tracing is off (OTEL_SDK_DISABLED=true)']);
      expect(listening()).toEqual(QUIET);
      expect(withSpan('x', (span) => span.isRecording())).toBe(false);
      await handle.shutdown();
    } finally {
      delete process.env['OTEL_SDK_DISABLED'];
    }
  });
});

describe('options', () => {
  const bad: [string, object, RegExp][] = [
    [
      'a misspelt name',
      { servcie: 'x' },
      /unknown option `servcie`\. Did you mean `service`\? \[ERR_LONGPOLE_UNKNOWN_OPTION\]/,
    ],
    ['an unknown name', { colour: 1 }, /It knows service, endpoint, .*ERR_LONGPOLE_UNKNOWN_OPTION/],
    ['an empty service', { service: ' ' }, /" " for `service`: expected a non-empty string/],
    ['an endpoint without scheme', { endpoint: 'localhost:4318' }, /expected an absolute URL/],
    ['an endpoint with the path', { endpoint: 'http://x/v1/traces' }, /without \/v1\/traces/],
    ['an unknown instrumentation', { instrumentation: 'patch' }, /expected one of 'listen', 'stock'/],
    [
      'instrumentations that are none',
      { instrumentations: [{}] },
      /expected an OpenTelemetry instrumentation/,
    ],
    ['an ignore rule that is none', { ignore: [7] }, /\[7\] for `ignore`/],
    ['a sampler that is none', { sampler: 0.5 }, /0\.5 for `sampler`: expected an OpenTelemetry sampler/],
    ['an exporter that is none', { exporter: {} }, /expected an OpenTelemetry span exporter/],
    [
      'a deadline that is no number',
      { shutdownDeadlineMs: Number.NaN },
      /received NaN for `shutdownDeadlineMs`/,
    ],
    ['a log that is no function', { log: 'stderr' }, /expected a function/],
    ['no object at all', [] as object, /takes an options object/],
  ];

  it.each(bad)('%s: refused with the value and the cure', (_what, options, message) => {
    expect(() => startTracing(options as StartOptions)).toThrow(message);
    expect(sharedState().handle).toBeUndefined();
  });
});
