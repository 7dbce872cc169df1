// Our instrumentations in somebody else's SDK: never two SERVER spans, never none, nothing left after disable().

import diagnostics from 'node:diagnostics_channel';
import http from 'node:http';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { type ContextManager, context, propagation, SpanKind, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { NodeSDK } from '@opentelemetry/sdk-node';
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import express from 'express';
import {
  currentTrace,
  ExpressChannelInstrumentation,
  HttpChannelInstrumentation,
  startTracing,
  tracing,
  withSpan,
} from '../../src/index.ts';
import { sharedState } from '../../src/shared/state.ts';
import { listen } from '../conformance/harness/listen.ts';
import { raw } from '../conformance/harness/send.ts';
import { OldContextManager } from './support/old-context-manager.ts';

const CHANNELS = [
  'http.server.request.start',
  'http.client.request.created',
  'http.client.response.finish',
  'http.client.request.error',
  'undici:request:create',
  'undici:client:sendHeaders',
  'undici:request:headers',
  'undici:request:trailers',
  'undici:request:error',
  'tracing:express.router.request:start',
  'tracing:express.router.request:error',
];

type Instrumentations = (HttpChannelInstrumentation | ExpressChannelInstrumentation)[];

const stops: (() => Promise<void>)[] = [];
let exporter: InMemorySpanExporter;
let processor: SimpleSpanProcessor;

afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  for (const api of [trace, context, propagation]) api.disable();
});

function startSdk(
  instrumentations: Instrumentations = [
    new HttpChannelInstrumentation(),
    new ExpressChannelInstrumentation(),
  ],
  contextManager: ContextManager = new AsyncLocalStorageContextManager(),
  more: SpanProcessor[] = [],
): void {
  exporter = new InMemorySpanExporter();
  processor = new SimpleSpanProcessor({ exporter });
  const spanProcessors = [...more, processor];
  const sdk = new NodeSDK({
    instrumentations,
    spanProcessors,
    contextManager,
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  stops.push(async () => {
    await sdk.shutdown();
    for (const each of instrumentations) each.disable();
  });
}

/** An export waits for the resource of the SDK, which takes a moment. */
async function finished(): Promise<ReadableSpan[]> {
  await processor.forceFlush();
  return [...exporter.getFinishedSpans()];
}

/** Asks an application, over a socket that is not traced, for a call to itself. */
async function ask(isWithTracing: boolean): Promise<{ body: string; spans: ReadableSpan[] }> {
  const app = express();
  if (isWithTracing) app.use(tracing({ attributes: { 'order.id': () => '7' } }));
  app.get('/inner/:id', (_request, response) => void response.send('inner'));
  app.get('/outer/:id', async (request, response) => {
    const { text } = await withSpan('work', async () => {
      const answer = await fetch(`http://${request.headers.host}/inner/2`);
      return { text: await answer.text() };
    });
    response.send(`${text} ${currentTrace()?.traceId ?? 'no trace'}`);
  });
  const { port, close } = await listen(http.createServer(app));
  const answer = await raw(port, `GET /outer/1 HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`, /\r\n\r\n.+$/s);
  await close();
  return { body: answer.split('\r\n\r\n')[1] ?? '', spans: await finished() };
}

const names = (spans: readonly ReadableSpan[]): string[] =>
  spans.map((span) => `${SpanKind[span.kind]} ${span.name}`).sort();

const WHOLE = ['CLIENT GET', 'INTERNAL work', 'SERVER GET /inner/:id', 'SERVER GET /outer/:id'];
const traces = (spans: readonly ReadableSpan[]): number =>
  new Set(spans.map((span) => span.spanContext().traceId)).size;

describe('in a NodeSDK of somebody else', () => {
  it('two lines in `instrumentations` are all it takes', async () => {
    startSdk();
    const { body, spans } = await ask(false);
    expect(names(spans)).toEqual(WHOLE);
    expect(traces(spans)).toBe(1);
    expect(body).toBe(`inner ${spans[0]?.spanContext().traceId}`);
  });

  it('tracing() joins it, says so once, and makes no second span', async () => {
    startSdk();
    const lines: string[] = [];
    stops.push(startTracing({ log: (line) => void lines.push(line) }).shutdown);
    const { spans } = await ask(true);
    expect(names(spans)).toEqual(WHOLE);
    expect(spans.find(({ name }) => name === 'GET /outer/:id')?.attributes['order.id']).toBe('7');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/an OpenTelemetry SDK is already installed/);
  });

  it('tracing() alone listens with the provider of an SDK that has no instrumentations', async () => {
    startSdk([]);
    stops.push(startTracing({ log: () => undefined }).shutdown);
    const { spans } = await ask(true);
    expect([names(spans), traces(spans)]).toEqual([WHOLE, 1]);
  });

  it('tracing() runs the application in the span where the context manager has no attach', async () => {
    startSdk(undefined, new OldContextManager());
    stops.push(startTracing({ log: () => undefined }).shutdown);
    const { body, spans } = await ask(true);
    expect([names(spans), traces(spans)]).toEqual([WHOLE, 1]);
    expect(body).toBe(`inner ${spans[0]?.spanContext().traceId}`);
  });

  it('without attach and without tracing() there still are SERVER spans with their routes', async () => {
    startSdk(undefined, new OldContextManager());
    const { body, spans } = await ask(false);
    expect(names(spans)).toEqual(WHOLE);
    expect(body).toBe('inner no trace');
  });

  it('a processor that throws does not reach the application', async () => {
    const boom = (): never => {
      throw new Error('a bad processor');
    };
    const bad: SpanProcessor = {
      onStart: () => undefined,
      onEnd: boom,
      forceFlush: async () => undefined,
      shutdown: async () => undefined,
    };
    startSdk([new HttpChannelInstrumentation()], new AsyncLocalStorageContextManager(), [bad]);
    const before = sharedState().faults;
    const { port, close } = await listen(http.createServer((_request, response) => response.end('ok')));
    expect(await raw(port, 'GET / HTTP/1.1\r\nhost: x\r\n\r\n', /ok$/)).toMatch(/ok$/);
    await close();
    expect(sharedState().faults - before).toBe(1);
  });
});

describe('several of ours in one process', () => {
  it('two instances of each: the first makes the spans', async () => {
    startSdk([
      new HttpChannelInstrumentation(),
      new HttpChannelInstrumentation(),
      new ExpressChannelInstrumentation(),
      new ExpressChannelInstrumentation(),
    ]);
    expect(names((await ask(false)).spans)).toEqual(WHOLE);
  });

  it('two copies of the package: the first makes the spans, the other’s tracing() works on them', async () => {
    startSdk();
    let other: { tracing: typeof tracing; startTracing: typeof startTracing } | undefined;
    jest.isolateModules(() => {
      other = require('../../src/index.ts') as NonNullable<typeof other>;
    });
    expect(other?.tracing).not.toBe(tracing);
    stops.push(other?.startTracing({ log: () => undefined }).shutdown ?? (async () => undefined));
    const app = express();
    app.use(other?.tracing({ attributes: { 'order.id': () => '7' } }) ?? tracing());
    app.get('/x/:id', (_request, response) => void response.send('ok'));
    const { port, close } = await listen(http.createServer(app));
    const answer = await raw(port, 'GET /x/1 HTTP/1.1\r\nhost: x\r\n\r\n', /ok$/);
    await close();
    const spans = await finished();
    expect(names(spans)).toEqual(['SERVER GET /x/:id']);
    expect(spans[0]?.attributes['order.id']).toBe('7');
    expect(answer).toContain(`traceresponse: 00-${spans[0]?.spanContext().traceId}`);
  });

  it('another one takes over when it is enabled after the first was disabled', async () => {
    const first = new HttpChannelInstrumentation();
    const second = new HttpChannelInstrumentation();
    startSdk([first, second, new ExpressChannelInstrumentation()]);
    first.disable();
    second.enable();
    second.enable();
    expect(names((await ask(false)).spans)).toEqual(WHOLE);
  });

  it('can be switched off one side at a time', async () => {
    startSdk([new HttpChannelInstrumentation({ outgoing: false }), new ExpressChannelInstrumentation()]);
    expect(names((await ask(false)).spans)).toEqual(WHOLE.filter((name) => !name.startsWith('CLIENT')));
  });

  it('make no spans when constructed with `enabled: false`', async () => {
    startSdk([]);
    expect(new HttpChannelInstrumentation({ enabled: false }).getConfig().enabled).toBe(false);
    expect(names((await ask(false)).spans)).toEqual(['INTERNAL work']);
  });
});

describe('disable()', () => {
  it('leaves no listener on any channel', () => {
    const busy = (): string[] => CHANNELS.filter((name) => diagnostics.hasSubscribers(name));
    const before = busy();
    const both = [new HttpChannelInstrumentation(), new ExpressChannelInstrumentation()];
    expect(busy().sort()).toEqual([...CHANNELS].sort());
    for (const each of both) each.disable();
    expect(busy()).toEqual(before);
    expect(sharedState().owners.size).toBe(0);
  });
});

describe('options', () => {
  it.each([
    [{ ignored: [] }, /unknown option `ignored`. Did you mean `ignore`\?/],
    [
      { ignore: ['/x', 3] },
      /for `ignore`: expected paths that begin with \/, regular expressions and functions/,
    ],
    [{ incoming: 'no' }, /for `incoming`: expected true or false/],
  ])('%j are refused', (config, message) => {
    expect(() => new HttpChannelInstrumentation(config as never)).toThrow(message);
  });
});
