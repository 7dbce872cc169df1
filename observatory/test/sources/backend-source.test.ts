// Reading from a backend: the embedded one and Jaegers of every age, answering well, badly and not at all.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { backendSource } from '../../src/sources/backend-source.ts';
import type { Trace } from '../../src/trace/span.ts';
import { tracesToJaegerJson } from '../../src/wire/jaeger-json.ts';
import { spansToOtlpJson } from '../../src/wire/otlp-json.ts';
import { draw, makeSpan, TRACE_ID } from '../trace/draw.ts';
import { type FakeBackend, sendJson, startFakeBackend } from './fake-backend.ts';
import { sourceErrorOf } from './source-error-of.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const LIMITS = { timeoutMs: 5_000, maxBytes: 1_000_000 };
const JOB_ID = 'f'.repeat(32);

const request = draw(`
  gateway POST /checkout [server] |======|
    gateway pay                   | ==== |
`);
const job: Trace = {
  traceId: JOB_ID,
  spans: [
    makeSpan({ service: 'notify', name: 'process receipt', kind: 'CONSUMER', startMs: 500, endMs: 600 }),
  ].map((span) => ({ ...span, traceId: JOB_ID })),
};

let backend: FakeBackend;
beforeEach(async () => {
  backend = await startFakeBackend((_, res) => sendJson(res, {}, 500));
});
afterEach(() => backend.close());

function source(url = backend.url) {
  return backendSource(url, { from: '--source', now: () => NOW, limits: LIMITS });
}

/** Answers as API v3 does; `byService` are the traces each service took part in. */
function answerV3(byService: Record<string, Trace[]>): void {
  backend.answer = (url, res) => {
    const all = Object.values(byService).flat();
    const service = url.searchParams.get('query.serviceName');
    const id = /^\/api\/v3\/traces\/(.+)$/.exec(url.pathname)?.[1];
    if (url.pathname === '/api/v3/services') return sendJson(res, { services: Object.keys(byService) });
    const found =
      id === undefined
        ? (byService[service ?? ''] ?? [])
        : all.filter((one) => one.traceId === id).slice(0, 1);
    const spans = found.flatMap((trace) => trace.spans);
    if (spans.length === 0)
      return sendJson(res, { error: { httpCode: 404, message: 'No traces found' } }, 404);
    return sendJson(res, { result: spansToOtlpJson(spans) });
  };
}

describe('by id', () => {
  test('from API v3', async () => {
    answerV3({ gateway: [request] });
    expect((await source().read(TRACE_ID)).spans).toEqual(request.spans);
    expect(backend.asked).toEqual([`/api/v3/traces/${TRACE_ID}`]);
  });

  test('from the first API where v3 is answered by a web page', async () => {
    backend.answer = (url, res) => {
      if (url.pathname.startsWith('/api/v3'))
        res.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
      else sendJson(res, tracesToJaegerJson([request]));
    };
    const trace = await source().read(TRACE_ID);
    expect(trace.spans.map((span) => span.name)).toEqual(['POST /checkout', 'pay']);
    expect(backend.asked.at(-1)).toBe(`/api/traces/${TRACE_ID}`);
  });

  test('below a base path, with a user and password as a header', async () => {
    let authorization: string | undefined;
    backend.answer = (_, res, req) => {
      authorization = req.headers.authorization;
      sendJson(res, { result: spansToOtlpJson(request.spans) });
    };
    const url = backend.url.replace('http://', 'http://ada:s%20ecret@');
    const below = source(`${url}/jaeger/search?service=x`);
    await below.read(TRACE_ID);
    expect(backend.asked).toEqual([`/jaeger/api/v3/traces/${TRACE_ID}`]);
    expect(authorization).toBe(`Basic ${Buffer.from('ada:s ecret').toString('base64')}`);
    expect(below.name).toBe(`${backend.url}/jaeger`);
  });

  test('a trace that is not there', async () => {
    answerV3({});
    const error = await sourceErrorOf(source().read(TRACE_ID));
    expect(error).toMatchObject({
      code: 'ERR_LONGPOLE_TRACE_NOT_FOUND',
      isNotFound: true,
      isUnreachable: false,
    });
    expect(error.message).toContain(`Trace ${TRACE_ID} is not in ${backend.url}`);
  });

  test('a trace that is not there, said by the first API', async () => {
    backend.answer = (url, res) => {
      if (url.pathname.startsWith('/api/v3')) res.writeHead(404).end('404 page not found');
      else sendJson(res, { data: null, errors: [{ code: 404, msg: 'trace not found' }] }, 404);
    };
    expect((await sourceErrorOf(source().read(TRACE_ID))).code).toBe('ERR_LONGPOLE_TRACE_NOT_FOUND');
  });
});

describe('the newest', () => {
  test('is the newest request, not the job it left behind, each trace counted once', async () => {
    answerV3({ gateway: [request], notify: [job, request] });
    const trace = await source().read(undefined);
    expect(trace.traceId).toBe(TRACE_ID);
    expect(trace.spans).toHaveLength(request.spans.length);
  });

  test('is the newest trace where there is no request', async () => {
    answerV3({ notify: [job] });
    expect((await source().read(undefined)).traceId).toBe(JOB_ID);
  });

  test('is asked for in the names of new and of old Jaegers, over the last hour', async () => {
    answerV3({ gateway: [request] });
    await source().read(undefined);
    const search = new URL(backend.asked[1] ?? '', 'http://fake').searchParams;
    expect(Object.fromEntries(search)).toEqual({
      'query.serviceName': 'gateway',
      'query.service_name': 'gateway',
      'query.startTimeMin': '2026-11-22T11:00:00.000Z',
      'query.start_time_min': '2026-11-22T11:00:00.000Z',
      'query.startTimeMax': '2026-11-22T12:01:00.000Z',
      'query.start_time_max': '2026-11-22T12:01:00.000Z',
      'query.searchDepth': '20',
      'query.num_traces': '20',
    });
  });

  test('leaves Jaeger’s own traces aside as long as there are others', async () => {
    answerV3({ jaeger: [job], gateway: [request] });
    expect((await source().read(undefined)).traceId).toBe(TRACE_ID);
    expect(backend.asked.filter((path) => path.includes('jaeger'))).toEqual([]);
    answerV3({ jaeger: [job] });
    expect((await source().read(undefined)).traceId).toBe(JOB_ID);
  });

  test('is looked for further back when the last hour has none', async () => {
    answerV3({ gateway: [] });
    const error = await sourceErrorOf(source().read(undefined));
    expect(error).toMatchObject({ code: 'ERR_LONGPOLE_NO_TRACES', isNotFound: true });
    expect(backend.asked.at(-1)).toContain('2026-11-15T12');
  });

  test('comes from the first API of an old Jaeger', async () => {
    backend.answer = (url, res) => {
      if (url.pathname.startsWith('/api/v3')) res.writeHead(404).end('404 page not found');
      else if (url.pathname === '/api/services') sendJson(res, { data: ['gateway'] });
      else sendJson(res, tracesToJaegerJson([request]));
    };
    expect((await source().read(undefined)).traceId).toBe(TRACE_ID);
    expect(backend.asked.at(-1)).toBe(
      `/api/traces?service=gateway&start=${(NOW - 3_600_000) * 1000}&end=${(NOW + 60_000) * 1000}&limit=20`,
    );
  });
});

describe('a backend that does not answer well', () => {
  test('nothing listens', async () => {
    await backend.close();
    const error = await sourceErrorOf(source().read(TRACE_ID));
    expect(error).toMatchObject({ code: 'ERR_LONGPOLE_SOURCE_UNREACHABLE', isUnreachable: true });
    expect(error.message).toContain(`${backend.url} cannot be reached: nothing listens there.`);
  });

  test('it hangs', async () => {
    backend.answer = () => undefined;
    const hanging = backendSource(backend.url, {
      from: '--source',
      now: () => NOW,
      limits: { timeoutMs: 50, maxBytes: 1_000 },
    });
    expect((await sourceErrorOf(hanging.read(TRACE_ID))).message).toContain('no answer within 0.05 s');
  });

  test('it closes the connection', async () => {
    backend.answer = (_, res) => res.destroy();
    expect((await sourceErrorOf(source().read(TRACE_ID))).message).toContain('it closed the connection');
  });

  test('it answers more than is allowed', async () => {
    backend.answer = (_, res) => res.end('x'.repeat(2_000_000));
    expect((await sourceErrorOf(source().read(TRACE_ID))).code).toBe('ERR_LONGPOLE_SOURCE_TOO_LARGE');
  });

  test('it is something else', async () => {
    backend.answer = (_, res) => res.end('hello');
    const byId = await sourceErrorOf(source().read(TRACE_ID));
    const newest = await sourceErrorOf(source().read(undefined));
    expect([byId.code, newest.code]).toEqual(['ERR_LONGPOLE_SOURCE_ANSWER', 'ERR_LONGPOLE_SOURCE_ANSWER']);
    expect(byId.message).toContain(
      'not as Jaeger does (status 200), nor as Zipkin or Tempo do; is it the right address?',
    );
  });

  test('it fails', async () => {
    backend.answer = (url, res) => {
      if (url.pathname.startsWith('/api/v3'))
        sendJson(res, { error: { httpCode: 500, message: 'disk full' } }, 500);
      else res.writeHead(404).end('404 page not found');
    };
    const error = await sourceErrorOf(source().read(TRACE_ID));
    expect(error).toMatchObject({ code: 'ERR_LONGPOLE_SOURCE_ANSWER', isUnreachable: true });
    expect(error.message).toContain('answered 500: disk full');
  });

  test('it sends a trace that is none', async () => {
    backend.answer = (_, res) =>
      sendJson(res, { result: { resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 'x' }] }] }] } });
    expect((await sourceErrorOf(source().read(TRACE_ID))).message).toContain(
      'resourceSpans[0].scopeSpans[0].spans[0].traceId',
    );
  });
});

describe('the URL', () => {
  test.each([
    ['localhost:16686', 'Did you mean http://localhost:16686?'],
    ['jaeger', 'Did you mean http://jaeger?'],
    ['ftp://host', '--source "ftp://host" is not an http or https URL.'],
    ['', '--source "" is not an http or https URL.'],
  ])('%j is refused', (url, message) => {
    expect(() => source(url)).toThrow(message);
  });
});
