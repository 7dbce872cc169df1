// Whatever fails inside tracing, requests are answered and nothing is thrown into the application.

import http from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DiagLogLevel, diag, propagation, SpanKind, type TextMapPropagator } from '@opentelemetry/api';
import { InMemorySpanExporter, type Sampler, type SpanExporter } from '@opentelemetry/sdk-trace';
import express from 'express';
import { type StartOptions, startTracing, type TracingHandle, tracing } from '../../src/index.ts';
import { guarded } from '../../src/shared/guard.ts';
import { sharedState } from '../../src/shared/state.ts';
import { listen } from '../conformance/harness/listen.ts';
import { raw, sender } from '../conformance/harness/send.ts';
import { traceHere } from './support/trace-here.ts';

const boom = (): never => {
  throw new Error('tracing is broken');
};
const brokenSampler: Sampler = { shouldSample: boom, toString: () => 'broken' };
const brokenExporter: SpanExporter = {
  export: boom,
  shutdown: async () => boom(),
  forceFlush: async () => boom(),
};
const brokenPropagator: TextMapPropagator = { inject: boom, extract: boom, fields: () => [] };

let handle: TracingHandle | undefined;

afterEach(async () => {
  await handle?.shutdown();
  propagation.disable();
});

/** An application that calls itself, asked twice over. */
async function answers(options: StartOptions, prepare: () => void = () => undefined): Promise<string[]> {
  handle = startTracing({ exporter: new InMemorySpanExporter(), log: () => undefined, ...options });
  prepare();
  const app = express();
  app.use(tracing());
  app.get('/inner', (_request, response) => void response.send('inner'));
  app.get('/', async (request, response) => {
    const url = `http://${request.headers.host}/inner`;
    const inner = await (await fetch(url)).text();
    http.get(url, (answer) => answer.resume().on('end', () => response.send(`outer ${inner}`)));
  });
  const { port, close } = await listen(http.createServer(app));
  const send = sender(port, {});
  const bodies = [(await send('/')).body, (await send('/')).body];
  await handle.forceFlush();
  await close();
  return bodies;
}

describe('requests are answered', () => {
  it.each<[string, StartOptions, () => void]>([
    ['a sampler', { sampler: brokenSampler }, () => undefined],
    ['an exporter', { exporter: brokenExporter }, () => undefined],
    [
      'a propagator',
      {},
      () => {
        propagation.disable();
        propagation.setGlobalPropagator(brokenPropagator);
      },
    ],
    ['an ignore rule', { ignore: [boom] }, () => undefined],
  ])('when %s throws', async (_what, options, prepare) => {
    expect(await answers(options, prepare)).toEqual(['outer inner', 'outer inner']);
  });

  it('and every error of tracing is counted', async () => {
    const before = sharedState().faults;
    await answers({ sampler: brokenSampler });
    // Each of 2 requests makes 2 calls to the application itself: 6 requests, each with a CLIENT and a SERVER span.
    expect(sharedState().faults - before).toBe(12);
  });

  it('when a `trust proxy` function throws at the end of the response', async () => {
    const here = traceHere();
    handle = here.tracing;
    const app = express().set('trust proxy', boom);
    app.get('/', (_request, response) => void response.send('ok'));
    const { port, close } = await listen(http.createServer(app));
    expect((await sender(port, {})('/')).body).toBe('ok');
    await close();
    const server = (await here.spans()).find((span) => span.kind === SpanKind.SERVER);
    expect(server?.name).toBe('GET /');
    expect(server?.attributes['http.response.status_code']).toBe(200);
  });
});

describe('a fault', () => {
  it('is counted and goes no further, even when the diagnostic logger throws', () => {
    const logger = { error: boom, warn: boom, info: boom, debug: boom, verbose: boom };
    diag.setLogger(logger, { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true });
    const before = sharedState().faults;
    guarded('a listener with a broken logger', boom)();
    diag.disable();
    expect(sharedState().faults - before).toBe(2);
  });
});

describe('hostile requests', () => {
  it.each([
    ['a target that is no URL', 'GET http://[ HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['a target of slashes', 'GET //////////// HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['a target with a broken escape', 'GET /%E0%A4%A?%=%&&=& HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['a target of 8 KiB', `GET /${'a'.repeat(8192)} HTTP/1.1\r\nhost: x\r\n\r\n`],
    ['no Host header', 'GET / HTTP/1.1\r\n\r\n'],
    ['a Host header of brackets', 'GET / HTTP/1.1\r\nhost: [[[]]]:99999999\r\n\r\n'],
    ['an empty Host header', 'GET / HTTP/1.1\r\nhost:\r\n\r\n'],
    ['bytes above 127', 'GET /ÿþ HTTP/1.1\r\nhost: ÿ\r\nuser-agent: \xff\xfe\r\ntraceparent: ÿ\r\n\r\n'],
    ['200 baggage headers', `GET / HTTP/1.1\r\nhost: x\r\n${'baggage: a=1\r\n'.repeat(200)}\r\n`],
    ['a huge traceparent', `GET / HTTP/1.1\r\nhost: x\r\ntraceparent: ${'0'.repeat(8000)}\r\n\r\n`],
    ['a method of WebDAV', 'PROPFIND / HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['an upgrade', 'GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'],
    ['an unknown expectation', 'GET / HTTP/1.1\r\nhost: x\r\nexpect: the-unexpected\r\n\r\n'],
    ['no HTTP at all', '\x00\x01\x02\x03\r\n\r\n'],
    [
      'headers named like our own fields',
      'GET / HTTP/1.1\r\nhost: x\r\n__proto__: 1\r\nconstructor: 1\r\n\r\n',
    ],
  ])('%s: one answer, no fault, no span left open', async (_what, text) => {
    handle = startTracing({ exporter: new InMemorySpanExporter(), log: () => undefined });
    const before = sharedState().faults;
    const app = express();
    app.use((_request, response) => void response.send('ok'));
    const { port, close } = await listen(http.createServer(app));
    const answer = await raw(port, text, /\r\n\r\n/);
    expect(answer).toMatch(/^HTTP\/1\.1 (200|400|404|417)/);
    await close();
    const { started, ended, faults } = handle.stats();
    expect([started - ended, faults - before]).toEqual([0, 0]);
  });
});
