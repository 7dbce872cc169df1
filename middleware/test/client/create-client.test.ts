// createClient(): one deadline for a whole call, one CLIENT span a try, repeats only what is safe to repeat.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { AxiosError } from 'axios';
import {
  type ClientOptions,
  createClient,
  startTracing,
  type TracingHandle,
  withSpan,
} from '../../src/index.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const exporter = new InMemorySpanExporter();
let tracing: TracingHandle;
let server: Server;
let url: string;
/** One answer a request; the last one stays. */
let answers: Answer[];
let asked: IncomingMessage[];

beforeAll(() => {
  tracing = startTracing({ exporter, log: () => {} });
});

afterAll(() => tracing.shutdown());

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(request);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    answer?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await clientSpans();
  exporter.reset();
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
});

const ok: Answer = (_request, response) => void response.end('{"fine":true}');
const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_request, response) =>
    void response.writeHead(code, headers).end();
const never: Answer = () => {};
const reset: Answer = (_request, response) => void response.socket?.resetAndDestroy();
const endlessBody: Answer = (_request, response) => {
  const timer = setInterval(() => response.write('x'), 10);
  response.on('close', () => clearInterval(timer));
};

/** The CLIENT spans of all that was asked; a span ends when its connection is done with it, a little after the call. */
async function clientSpans(): Promise<ReadableSpan[]> {
  for (;;) {
    await tracing.forceFlush();
    const spans = exporter.getFinishedSpans().filter(({ kind }) => kind === SpanKind.CLIENT);
    if (spans.length >= asked.length) return spans;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const client = (options: ClientOptions = {}) => createClient({ service: 'stock', baseURL: url, ...options });

async function failureOf(call: Promise<unknown>): Promise<AxiosError> {
  const error: unknown = await call.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  if (!(error instanceof AxiosError)) throw new Error(`expected an AxiosError, but got ${String(error)}`);
  return error;
}

describe('a call', () => {
  it('is one CLIENT span named after the service, below the active span, with the context in its headers', async () => {
    answers = [ok];
    await withSpan('order', async (span) => {
      const { data } = await client({ headers: { 'x-tenant': 'a' } }).get('/items/1');
      expect(data).toEqual({ fine: true });
      const [call] = await clientSpans();
      expect(call?.parentSpanContext?.spanId).toBe(span.spanContext().spanId);
      expect(call?.attributes).toMatchObject({ 'service.peer.name': 'stock', 'url.full': `${url}/items/1` });
      expect(call?.attributes).not.toHaveProperty('http.request.resend_count');
      expect(asked[0]?.headers['x-tenant']).toBe('a');
      const { traceId } = span.spanContext();
      expect(asked[0]?.headers['traceparent']).toMatch(
        new RegExp(`^00-${traceId}-${call?.spanContext().spanId}-0[13]$`),
      );
    });
  });

  it('without a service name has no service.peer.name', async () => {
    answers = [ok];
    await createClient({ baseURL: url }).get('/');
    expect((await clientSpans())[0]?.attributes).not.toHaveProperty('service.peer.name');
  });
});

describe('repeats', () => {
  it.each([429, 502, 503, 504])('a GET after %i', async (code) => {
    answers = [status(code), ok];
    await client().get('/');
    expect(asked).toHaveLength(2);
  });

  it('with a span for each try, and its number', async () => {
    answers = [status(502), status(503), ok];
    await client().get('/');
    const spans = await clientSpans();
    expect(spans.map(({ attributes }) => attributes['http.request.resend_count'])).toEqual([undefined, 1, 2]);
    expect(spans.map(({ attributes }) => attributes['http.response.status_code'])).toEqual([502, 503, 200]);
    expect(new Set(asked.map(({ headers }) => headers['traceparent'])).size).toBe(3);
  });

  it('a call whose connection broke', async () => {
    answers = [reset, ok];
    await client().get('/');
    const spans = await clientSpans();
    expect(spans.map(({ status: { code } }) => code)).toEqual([SpanStatusCode.ERROR, SpanStatusCode.UNSET]);
  });

  it.each([
    ['get', {}, 2],
    ['head', {}, 2],
    ['put', {}, 2],
    ['delete', {}, 2],
    ['post', {}, 1],
    ['patch', {}, 1],
    ['post', { 'Idempotency-Key': 'k' }, 2],
    ['patch', { 'idempotency-key': 'k' }, 2],
  ])('%s with the headers %p is tried %i times', async (method, headers, tries) => {
    answers = [status(503)];
    const error = await failureOf(client({ retries: 1 }).request({ method, url: '/', headers }));
    expect(error.response?.status).toBe(503);
    expect(asked).toHaveLength(tries);
  });

  it.each([400, 401, 404, 409, 500])('nothing after %i', async (code) => {
    answers = [status(code)];
    expect((await failureOf(client().get('/'))).response?.status).toBe(code);
    expect(asked).toHaveLength(1);
  });

  it('as often as it is told', async () => {
    answers = [status(503)];
    await failureOf(client({ retries: 0 }).get('/'));
    expect(asked).toHaveLength(1);
    await failureOf(client({ retries: 1 }).get('/'));
    expect(asked).toHaveLength(3);
  });

  it('no sooner than Retry-After says', async () => {
    answers = [status(503, { 'retry-after': '1' }), ok];
    const start = performance.now();
    await client().get('/');
    expect(performance.now() - start).toBeGreaterThan(990);
  });
});

describe('the deadline', () => {
  it('ends a call that gets no answer, with axios’s error for it, and does not repeat it', async () => {
    answers = [never];
    const start = performance.now();
    const error = await failureOf(client({ timeoutMs: 150 }).get('/'));
    expect(performance.now() - start).toBeLessThan(600);
    expect(error).toMatchObject({ code: 'ECONNABORTED', message: 'timeout of 150ms exceeded' });
    expect(asked).toHaveLength(1);
    const [span] = await clientSpans();
    expect(span?.status.code).toBe(SpanStatusCode.ERROR);
  });

  it('covers a body that never ends', async () => {
    answers = [endlessBody];
    const error = await failureOf(client({ timeoutMs: 150 }).get('/'));
    expect(error).toMatchObject({ code: 'ECONNABORTED', message: 'timeout of 150ms exceeded' });
  });

  it('covers all tries together', async () => {
    answers = [status(503), never];
    const start = performance.now();
    const error = await failureOf(client({ timeoutMs: 400 }).get('/'));
    expect(performance.now() - start).toBeLessThan(900);
    expect(error.message).toBe('timeout of 400ms exceeded');
    expect(asked).toHaveLength(2);
  });

  it('is not waited out when Retry-After goes past it: the answer is handed over at once', async () => {
    answers = [status(429, { 'retry-after': '30' })];
    const start = performance.now();
    const error = await failureOf(client({ timeoutMs: 2000 }).get('/'));
    expect(performance.now() - start).toBeLessThan(1000);
    expect(error.response?.status).toBe(429);
    expect(asked).toHaveLength(1);
  });

  it('of a single call wins over the client’s', async () => {
    answers = [never];
    const error = await failureOf(client({ timeoutMs: 60_000 }).get('/', { timeout: 100 }));
    expect(error.message).toBe('timeout of 100ms exceeded');
  });

  it('starts anew when the application sends the same configuration again', async () => {
    answers = [status(401), ok];
    const error = await failureOf(client({ timeoutMs: 300 }).get('/'));
    await new Promise((resolve) => setTimeout(resolve, 350));
    const { data } = await client({ timeoutMs: 300 }).request(error.config ?? {});
    expect(data).toEqual({ fine: true });
  });

  it('ends with the head where the body is a stream', async () => {
    answers = [endlessBody];
    const { data } = await client({ timeoutMs: 100 }).get<NodeJS.ReadableStream>('/', {
      responseType: 'stream',
    });
    await new Promise((resolve) => setTimeout(resolve, 150));
    const chunk = await new Promise((resolve) => data.once('data', resolve));
    expect(String(chunk)).toMatch(/^x+$/);
    (data as unknown as { destroy(): void }).destroy();
  });

  it('of 0 is none', async () => {
    answers = [(_request, response) => void setTimeout(() => response.end('late'), 100)];
    expect((await client({ timeoutMs: 0 }).get('/')).data).toBe('late');
  });
});

describe('a caller that gives up', () => {
  it.each([0, 1])('ends the call, before the deadline, on try %i', async (retries) => {
    answers = [...Array.from({ length: retries }, () => status(503)), never];
    const controller = new AbortController();
    const call = failureOf(client().get('/', { signal: controller.signal }));
    while (asked.length <= retries) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    expect((await call).code).toBe('ERR_CANCELED');
  });

  it('before the call has begun: nothing is sent', async () => {
    answers = [ok];
    const error = await failureOf(client().get('/', { signal: AbortSignal.abort() }));
    expect(error.code).toBe('ERR_CANCELED');
    expect(asked).toHaveLength(0);
  });
});

describe('options', () => {
  it.each([
    [{ timeout: 5 }, /unknown option `timeout`\. Did you mean `timeoutMs`\?/],
    [{ baseUrl: 'http://x' }, /Did you mean `baseURL`\?/],
    [{ baseURL: '/relative' }, /"\/relative" for `baseURL`: expected an absolute URL/],
    [{ timeoutMs: '5s' }, /"5s" for `timeoutMs`/],
    [{ retries: -1 }, /-1 for `retries`/],
    [{ service: '' }, /for `service`/],
    [{ headers: { authorization: 7 } }, /\{ authorization \} for `headers`: expected an object of strings/],
  ])('%p are refused', (options, message) => {
    expect(() => createClient(options as ClientOptions)).toThrow(message);
  });
});
