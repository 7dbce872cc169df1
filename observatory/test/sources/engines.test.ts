// Zipkin and Tempo: recognised by their answers, searched, and what they lack said.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { backendSource } from '../../src/sources/backend-source.ts';
import type { TraceQuery } from '../../src/sources/index.ts';
import type { Trace } from '../../src/trace/span.ts';
import { spansToOtlpJson } from '../../src/wire/otlp-json.ts';
import { draw, TRACE_ID } from '../trace/draw.ts';
import { type FakeBackend, sendJson, startFakeBackend } from './fake-backend.ts';
import { sourceErrorOf } from './source-error-of.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const { spans } = draw(`
  gateway POST /checkout [server] |======|
    payment charge [server]       |  ==  |
`);
const zipkinSpans = [
  {
    traceId: TRACE_ID,
    id: '00000000000000a1',
    kind: 'SERVER',
    name: 'post /checkout',
    timestamp: 1_700_000_000_000_000,
    duration: 60_000,
    localEndpoint: { serviceName: 'gateway' },
    tags: { 'http.request.method': 'POST', 'http.route': '/checkout' },
  },
];

let backend: FakeBackend;
let warnings: string[];
beforeEach(async () => {
  warnings = [];
  backend = await startFakeBackend((_, res) => res.writeHead(404).end('404 page not found'));
});
afterEach(() => backend.close());

function source(prefix = '', headers: Record<string, string> = {}) {
  return backendSource(`${prefix}${backend.url}`, { from: '--source', now: () => NOW, headers });
}

async function listed(query: TraceQuery, prefix = ''): Promise<Trace[]> {
  const traces: Trace[] = [];
  const onWarning = (text: string): void => {
    warnings.push(text);
  };
  for await (const trace of source(prefix).list(query, { onWarning })) traces.push(trace);
  return traces;
}

/** Parameters of the last request to a path. */
function askedOf(path: string): Record<string, string> {
  const found = backend.asked.findLast((one) => one.startsWith(`${path}?`)) ?? '';
  return Object.fromEntries(new URL(found, 'http://fake').searchParams);
}

function answerAsZipkin(): void {
  backend.answer = (url, res) => {
    if (url.pathname === '/api/v2/services') sendJson(res, ['gateway']);
    else if (url.pathname === `/api/v2/trace/${TRACE_ID}`) sendJson(res, zipkinSpans);
    else if (url.pathname === '/api/v2/traces') sendJson(res, [zipkinSpans]);
    else res.writeHead(404).end();
  };
}

function answerAsTempo(trace: (res: Parameters<FakeBackend['answer']>[1], version: string) => void): void {
  backend.answer = (url, res) => {
    const path = url.pathname;
    if (path === '/api/echo') res.end('echo');
    else if (path === '/api/search') {
      sendJson(res, {
        traces: [{ traceID: TRACE_ID.replace(/^0+/, ''), rootServiceName: 'gateway' }],
        metrics: {},
      });
    } else if (path === '/api/search/tag/service.name/values') sendJson(res, { tagValues: ['gateway'] });
    else if (path.endsWith(`traces/${TRACE_ID}`)) trace(res, path.startsWith('/api/v2') ? 'v2' : 'v1');
    else res.writeHead(404).end('404 page not found');
  };
}

describe('Zipkin', () => {
  test('is recognised, by id and for the newest', async () => {
    answerAsZipkin();
    expect((await source().read(TRACE_ID)).spans.map(({ name }) => name)).toEqual(['POST /checkout']);
    expect((await source().read(undefined)).traceId).toBe(TRACE_ID);
  });

  test('is searched in its own words: lower case, microseconds, a window that ends', async () => {
    answerAsZipkin();
    const query = { operation: 'POST /checkout', sinceMs: 1_699_999_999_000, minDurationMs: 50.5, last: 7 };
    expect(await listed(query)).toHaveLength(1);
    expect(askedOf('/api/v2/traces')).toEqual({
      spanName: 'post /checkout',
      endTs: String(NOW + 60_000),
      lookback: String(NOW + 60_000 - 1_699_999_999_000),
      minDuration: '50500',
      limit: '20',
    });
  });

  test('a trace that is not there', async () => {
    answerAsZipkin();
    expect((await sourceErrorOf(source().read('f'.repeat(32)))).code).toBe('ERR_LONGPOLE_TRACE_NOT_FOUND');
  });

  test('is not tried on others when the URL names it', async () => {
    const error = await sourceErrorOf(source('zipkin+').read(undefined));
    expect(error.message).toContain('answers, but not as Zipkin does (status 404); is it the right address?');
    expect(backend.asked.every((path) => path.startsWith('/api/v2/'))).toBe(true);
  });

  test('spans without a time are counted', async () => {
    answerAsZipkin();
    const answer = backend.answer;
    backend.answer = (url, res, req) => {
      if (url.pathname !== '/api/v2/traces') answer(url, res, req);
      else sendJson(res, [[...zipkinSpans, { traceId: TRACE_ID, id: 'b' }]]);
    };
    expect(await listed({ sinceMs: 0 })).toHaveLength(1);
    expect(warnings).toEqual([`${backend.url}: 1 span without a time was left out.`]);
  });
});

describe('Tempo', () => {
  test.each(['v1', 'v2'])('is recognised and searched with TraceQL; traces by its API %s', async (known) => {
    answerAsTempo((res, version) => {
      if (version !== known) res.writeHead(404).end('404 page not found');
      else
        sendJson(
          res,
          version === 'v2'
            ? { trace: spansToOtlpJson(spans) }
            : { batches: spansToOtlpJson(spans).resourceSpans },
        );
    });
    expect((await source().read(TRACE_ID)).spans).toEqual(spans);
    const query = {
      operation: 'POST /checkout',
      minDurationMs: 50,
      sinceMs: 1_699_999_999_500,
      untilMs: 1_700_000_009_000,
    };
    expect((await listed(query)).map(({ traceId }) => traceId)).toEqual([TRACE_ID]);
    expect(askedOf('/api/search')).toEqual({
      q: '{ rootName = "POST /checkout" && traceDuration >= 50ms }',
      start: '1699999999',
      end: '1700000009',
      limit: '100',
    });
    await listed({ service: 'pay"ment' });
    expect(askedOf('/api/search')['q']).toBe('{ resource.service.name = "pay\\"ment" }');
  });

  test('a window that is too long for it is searched in parts', async () => {
    answerAsTempo((res) => sendJson(res, { trace: spansToOtlpJson(spans) }));
    await listed({ sinceMs: NOW - 20 * 24 * 3_600_000 });
    const searches = backend.asked.filter((path) => path.startsWith('/api/search?'));
    const windows = searches.map((path) => new URL(path, 'http://fake').searchParams);
    expect(windows.length).toBe(3);
    expect(windows.every((one) => Number(one.get('end')) - Number(one.get('start')) <= 168 * 3_600)).toBe(
      true,
    );
  });

  test('a trace that is cut off is told', async () => {
    answerAsTempo((res) =>
      sendJson(res, { trace: spansToOtlpJson(spans), status: 'PARTIAL', message: 'too big' }),
    );
    await source().read(TRACE_ID, { onWarning: (text) => warnings.push(text) });
    expect(warnings).toEqual([
      `Trace ${TRACE_ID} is larger than ${backend.url} returns (too big); spans of it are missing.`,
    ]);
  });

  test('a trace that is not there, and a search that it refuses', async () => {
    answerAsTempo((res) => res.writeHead(404).end('trace not found'));
    expect((await sourceErrorOf(source().read(TRACE_ID))).code).toBe('ERR_LONGPOLE_TRACE_NOT_FOUND');
    backend.answer = (_, res) => res.writeHead(400).end('range specified by start and end exceeds 168h0m0s');
    const error = await sourceErrorOf(source('tempo+').read(undefined));
    expect(error.message).toContain('answered 400: range specified by start and end exceeds 168h0m0s.');
  });
});

describe('what stands before a backend', () => {
  test.each([401, 403])('status %i: credentials are wanted', async (status) => {
    backend.answer = (_, res) => res.writeHead(status, { 'content-type': 'text/html' }).end('<html>');
    const error = await sourceErrorOf(source().read(TRACE_ID));
    expect(error).toMatchObject({ code: 'ERR_LONGPOLE_SOURCE_FORBIDDEN', isUnreachable: true });
    expect(error.message).toContain(`answered ${status} (a web page): it wants other credentials;`);
  });

  test('headers are sent', async () => {
    let sent: unknown;
    backend.answer = (_, res, req) => {
      sent = [req.headers.authorization, req.headers['x-scope-orgid']];
      sendJson(res, { result: spansToOtlpJson(spans) });
    };
    await source('', { authorization: 'Bearer t', 'x-scope-orgid': 'shop' }).read(TRACE_ID);
    expect(sent).toEqual(['Bearer t', 'shop']);
  });

  test('a proxy whose backend is down', async () => {
    backend.answer = (_, res) => res.writeHead(502).end('<html>Bad Gateway</html>');
    const error = await sourceErrorOf(source().read(undefined));
    expect(error.message).toContain(
      'answered 502: a web page, perhaps of a proxy; the backend behind it may be down.',
    );
  });

  test('a login page that requests are redirected to', async () => {
    backend.answer = (url, res) => {
      if (url.pathname === '/login') res.end('<!doctype html>');
      else res.writeHead(302, { location: '/login' }).end();
    };
    const error = await sourceErrorOf(source().read(undefined));
    expect(error.message).toContain(`(status 200, a web page, redirected to ${backend.url}/login)`);
  });

  test('redirects in a circle', async () => {
    backend.answer = (url, res) => res.writeHead(302, { location: url.pathname }).end();
    expect((await sourceErrorOf(source().read(undefined))).message).toContain('it redirects in a circle');
  });

  test('plain HTTP where TLS is expected', async () => {
    const url = backend.url.replace('http:', 'https:');
    const error = await sourceErrorOf(
      backendSource(url, { from: '--source', now: () => NOW }).read(undefined),
    );
    expect(error).toMatchObject({ code: 'ERR_LONGPOLE_SOURCE_UNREACHABLE' });
    expect(error.message).toContain('it does not speak TLS there. Try http:// instead of https://.');
  });

  test('a port that is known for something else', async () => {
    const url = 'http://127.0.0.1:4317';
    const limits = { timeoutMs: 5_000, maxBytes: 1_000 };
    const error = await sourceErrorOf(
      backendSource(url, { from: '--source', now: () => NOW, limits }).read(undefined),
    );
    expect(error.message).toContain('Port 4317 is usual for something else: it takes traces in (OTLP/gRPC);');
  });

  test('an engine that is not known', () => {
    expect(() => source('honeycomb+')).toThrow(/names no engine that is known; known are jaeger\+http:/);
  });
});
