// The query API, as Jaeger's clients use it.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Express } from 'express';
import request from 'supertest';
import { createApi } from '../../src/api/index.ts';
import type { TraceStore } from '../../src/store/index.ts';
import { spanIdOf, T0, traceIdOf } from '../receiver/readable-span.ts';
import { closeStores, openStore, records } from '../store/records.ts';

const MS = 1_000_000n;
const NOW_MS = Number(T0 / MS) + 60_000;

let store: TraceStore;
let app: Express;

beforeEach(() => {
  store = openStore();
  ({ app } = createApi({
    store,
    stats: () => ({ stored: store.stats().spans }),
    otlpUrl: () => 'http://127.0.0.1:4318',
    allowedHosts: ['traces.example'],
    clock: () => NOW_MS,
  }));
  store.add(
    records(
      {
        traceId: traceIdOf(1),
        spanId: spanIdOf(1),
        service: 'gateway',
        name: 'POST /checkout',
        kind: 1,
        endNs: T0 + 3_000n * MS,
      },
      {
        traceId: traceIdOf(1),
        spanId: spanIdOf(2),
        parentSpanId: spanIdOf(1),
        service: 'gateway',
        name: 'POST',
        kind: 2,
        startNs: T0 + MS,
      },
      {
        traceId: traceIdOf(1),
        spanId: spanIdOf(3),
        parentSpanId: spanIdOf(2),
        service: 'payment',
        name: 'POST /charges',
        kind: 1,
        startNs: T0 + 2n * MS,
        endNs: T0 + 2_502n * MS,
        status: { code: 2, message: 'declined' },
        attributes: { 'http.response.status_code': 402, 'card:type': 'visa' },
      },
      {
        traceId: traceIdOf(2),
        spanId: spanIdOf(1),
        service: 'payment',
        name: 'sweep',
        kind: 0,
        startNs: T0 + 10n * MS,
      },
    ),
  );
});

afterEach(closeStores);

interface Envelope {
  data: unknown;
  total: number;
  limit: number;
  offset: number;
  errors: { code?: number; msg: string; traceID?: string }[] | null;
}

async function get(path: string): Promise<{ status: number; body: Envelope }> {
  const { status, body } = await request(app).get(path);
  return { status, body: body as Envelope };
}

async function foundBy(query: string): Promise<string[]> {
  const { status, body } = await get(`/api/traces?${query}`);
  expect([status, body.errors]).toEqual([200, null]);
  return (body.data as { traceID: string }[]).map((trace) => trace.traceID);
}

async function refusalOf(path: string): Promise<string> {
  const { status, body } = await get(path);
  expect(body).toMatchObject({ data: null, total: 0, limit: 0, offset: 0 });
  expect(body.errors?.[0]?.code).toBe(status);
  return `${status} ${body.errors?.[0]?.msg}`;
}

describe('the names', () => {
  it('are the services, sorted', async () => {
    expect((await get('/api/services')).body).toEqual({
      data: ['gateway', 'payment'],
      total: 2,
      limit: 0,
      offset: 0,
      errors: null,
    });
  });

  it('are the operations of a service, with and without their kinds', async () => {
    const names = await get('/api/services/gateway/operations');
    expect(names.body).toMatchObject({ data: ['POST', 'POST /checkout'], total: 2 });
    const kinds = await get('/api/operations?service=gateway');
    expect(kinds.body.data).toEqual([
      { name: 'POST', spanKind: 'client' },
      { name: 'POST /checkout', spanKind: 'server' },
    ]);
    const servers = await get('/api/operations?service=gateway&spanKind=server');
    expect(servers.body).toMatchObject({ data: [{ name: 'POST /checkout', spanKind: 'server' }], total: 1 });
  });

  it('may have slashes and other characters', async () => {
    store.add(records({ traceId: traceIdOf(7), spanId: spanIdOf(1), service: 'a/b c&d', name: 'x' }));
    const { body } = await get(`/api/services/${encodeURIComponent('a/b c&d')}/operations`);
    expect(body.data).toEqual(['x']);
  });

  it('of an unknown service are none', async () => {
    expect((await get('/api/services/nobody/operations')).body).toMatchObject({ data: [], total: 0 });
  });
});

describe('one trace', () => {
  it('comes in Jaeger JSON, with its spans and processes', async () => {
    const { status, body } = await get(`/api/traces/${traceIdOf(1)}`);
    expect(status).toBe(200);
    const [trace] = body.data as {
      traceID: string;
      spans: { operationName: string; duration: number }[];
      processes: object;
    }[];
    expect(trace?.traceID).toBe(traceIdOf(1));
    expect(trace?.spans.map((span) => [span.operationName, span.duration])).toEqual([
      ['POST /checkout', 3_000_000],
      ['POST', 1_000],
      ['POST /charges', 2_500_000],
    ]);
    expect(Object.values(trace?.processes ?? {})).toMatchObject([
      { serviceName: 'gateway' },
      { serviceName: 'payment' },
    ]);
  });

  it('is found by its id in capitals, and by a short id', async () => {
    store.add(records({ traceId: `${'0'.repeat(16)}00000000deadbeef`, spanId: spanIdOf(1) }));
    expect((await get(`/api/traces/${traceIdOf(1).toUpperCase()}`)).status).toBe(200);
    expect((await get('/api/traces/DEADBEEF')).status).toBe(200);
    expect((await get('/api/v3/traces/deadbeef')).status).toBe(200);
  });

  it('that does not exist is a 404 in Jaeger shape', async () => {
    const { status, body } = await get('/api/traces/abc');
    expect(status).toBe(404);
    expect(body).toEqual({
      data: null,
      total: 0,
      limit: 0,
      offset: 0,
      errors: [{ code: 404, msg: 'trace not found' }],
    });
  });

  it('with an impossible id is a 400', async () => {
    expect(await refusalOf('/api/traces/not-hex')).toBe('400 trace id "not-hex" is not up to 32 hex digits');
  });
});

describe('a search', () => {
  it.each([
    ['service=payment', [2, 1]],
    ['service=payment&limit=1', [2]],
    ['service=payment&operation=POST%20%2Fcharges', [1]],
    ['service=payment&tags=%7B%22error%22%3A%22true%22%7D', [1]],
    ['service=payment&tags=error:true', [1]],
    ['service=payment&tag=http.response.status_code:402&tag=error:true', [1]],
    ['service=payment&tag=http.response.status_code:500', []],
    ['service=payment&minDuration=1.2s', [1]],
    ['service=payment&maxDuration=100ms', [2]],
    ['service=payment&minDuration=1s&maxDuration=3s', [1]],
    ['service=payment&maxDuration=0s', [2, 1]],
    ['service=payment&lookback=5s', []],
    ['service=payment&lookback=1h', [2, 1]],
    ['service=payment&lookback=custom', [2, 1]],
    [`service=payment&start=${(T0 + 5n * MS) / 1000n}`, [2]],
    [`service=payment&end=${(T0 + 5n * MS) / 1000n}`, [1]],
    ['service=gateway&operation=&minDuration=', [1]],
    ['service=nobody', []],
    ['service=payment&unknown=parameter', [2, 1]],
  ])('?%s', async (query, traces) => {
    expect(await foundBy(query)).toEqual(traces.map(traceIdOf));
  });

  it('by ids gives those that exist and names the others', async () => {
    const { body } = await get(`/api/traces?traceID=${traceIdOf(1)}&traceID=abc&traceID=${traceIdOf(1)}`);
    expect((body.data as unknown[]).length).toBe(1);
    expect(body.errors).toEqual([{ msg: 'trace not found', traceID: 'abc'.padStart(32, '0') }]);
  });

  it.each([
    ['', "400 parameter 'service' is required: /api/services lists the services"],
    [
      'service=x&limit=many',
      `400 unable to parse param 'limit': got "many", expected a whole number from 1 to 10000`,
    ],
    [
      'service=x&limit=0',
      `400 unable to parse param 'limit': got "0", expected a whole number from 1 to 10000`,
    ],
    [
      'service=x&start=yesterday',
      `400 unable to parse param 'start': got "yesterday", expected microseconds since the Unix epoch, as a whole number`,
    ],
    [
      'service=x&minDuration=5',
      `400 unable to parse param 'minDuration': got "5", expected a duration such as 1.2s, 100ms or 250us`,
    ],
    ['service=x&minDuration=2s&maxDuration=1s', "400 'maxDuration' should be greater than 'minDuration'"],
    ['service=x&start=20&end=10', "400 'start' (20) should be before 'end' (10)"],
    [
      'service=x&tags={broken',
      `400 unable to parse param 'tags': got "{broken", expected a JSON object of strings such as {"error":"true"}, or key:value`,
    ],
    ['service=x&tag=lonely', `400 unable to parse param 'tag': got "lonely", expected key:value`],
    [
      'traceID=nope',
      `400 unable to parse param 'traceID': got "nope", expected a trace id of up to 32 hex digits`,
    ],
    ['service=x&raw=perhaps', `400 unable to parse param 'raw': got "perhaps", expected true or false`],
    [
      'service=x&lookback=long',
      `400 unable to parse param 'lookback': got "long", expected how far to look back, such as 1h or 2d`,
    ],
  ])('?%s is refused', async (query, message) => {
    expect(await refusalOf(`/api/traces?${query}`)).toBe(message);
  });

  it('survives broken percent signs and odd parameters', async () => {
    expect((await get('/api/traces?service=%E0%A4%A&__proto__=1&constructor=2&tags[a]=b')).status).toBe(200);
    expect((await get('/api/services/%E0%A4%A/operations')).status).toBe(400);
  });
});

describe('dependencies', () => {
  it('are counted in the window that is asked for', async () => {
    const links = [
      { parent: 'gateway', child: 'gateway', callCount: 1 },
      { parent: 'gateway', child: 'payment', callCount: 1 },
    ];
    expect((await get('/api/dependencies')).body.data).toEqual(links);
    expect((await get(`/api/dependencies?endTs=${NOW_MS}&lookback=3600000`)).body.data).toEqual(links);
    expect((await get(`/api/dependencies?endTs=${NOW_MS}&lookback=10`)).body.data).toEqual([]);
    expect((await get('/api/dependencies?service=payment')).body.data).toEqual(links.slice(1));
  });

  it('refuse a time that is none', async () => {
    expect(await refusalOf('/api/dependencies?endTs=now')).toBe(
      `400 unable to parse param 'endTs': got "now", expected milliseconds, as a whole number`,
    );
  });
});

describe('/api/v3', () => {
  const window = 'query.startTimeMin=2026-11-22T09:00:00Z&query.startTimeMax=2026-11-22T11:00:00Z';

  it('lists services and operations', async () => {
    expect((await get('/api/v3/services')).body).toEqual({ services: ['gateway', 'payment'] });
    expect((await get('/api/v3/operations?service=payment&span_kind=server')).body).toEqual({
      operations: [{ name: 'POST /charges', spanKind: 'server' }],
    });
  });

  it('gives a trace in OTLP JSON', async () => {
    const { body } = await request(app).get(`/api/v3/traces/${traceIdOf(1)}`);
    const { resourceSpans } = (body as { result: { resourceSpans: object[] } }).result;
    expect(resourceSpans).toHaveLength(2);
    expect(resourceSpans[1]).toMatchObject({
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'payment' } }] },
      scopeSpans: [
        {
          spans: [
            {
              traceId: traceIdOf(1),
              spanId: spanIdOf(3),
              parentSpanId: spanIdOf(2),
              kind: 2,
              startTimeUnixNano: String(T0 + 2n * MS),
              attributes: [
                { key: 'http.response.status_code', value: { intValue: '402' } },
                { key: 'card:type', value: { stringValue: 'visa' } },
              ],
              status: { code: 2, message: 'declined' },
            },
          ],
        },
      ],
    });
  });

  it.each([
    ['', [2, 1]],
    ['&query.serviceName=gateway', [1]],
    ['&query.service_name=gateway', [1]],
    ['&query.operation_name=sweep', [2]],
    ['&query.duration_min=1s', [1]],
    ['&query.durationMax=100ms&query.serviceName=payment', [2]],
    ['&query.num_traces=1', [2]],
    ['&query.search_depth=1', [2]],
    ['&query.attributes=%7B%22error%22%3A%22true%22%7D', [1]],
  ])('searches with %s', async (more, traces) => {
    const { body } = await request(app).get(`/api/v3/traces?${window}${more}`);
    const { resourceSpans } = (
      body as { result: { resourceSpans: { scopeSpans: { spans: { traceId: string }[] }[] }[] } }
    ).result;
    const ids = resourceSpans.flatMap((group) =>
      group.scopeSpans.flatMap((scope) => scope.spans.map((span) => span.traceId)),
    );
    expect([...new Set(ids)]).toEqual(traces.map(traceIdOf));
  });

  it.each([
    [
      '/api/v3/traces?query.serviceName=x',
      400,
      'query.startTimeMin and query.startTimeMax are required: RFC 3339 times such as 2026-11-22T10:00:00Z',
    ],
    [
      '/api/v3/traces?query.startTimeMin=today&query.startTimeMax=2026-11-22T11:00:00Z',
      400,
      `unable to parse param 'query.startTimeMin': got "today", expected an RFC 3339 time such as 2026-11-22T10:00:00Z`,
    ],
    [
      '/api/v3/traces?query.startTimeMin=2026-11-22T11:00:00Z&query.startTimeMax=2026-11-22T11:00:00Z',
      400,
      'query.startTimeMin must be before query.startTimeMax',
    ],
    [`/api/v3/traces?${window}&query.serviceName=nobody`, 404, 'No traces found'],
    ['/api/v3/traces/abc', 404, 'No traces found'],
    ['/api/v3/traces/not-hex', 400, 'malformed parameter trace_id: "not-hex" is not up to 32 hex digits'],
    [
      '/api/v3/operations',
      400,
      "unable to parse param 'service': it is required: /api/v3/services lists the services",
    ],
  ])('answers %s with %i', async (path, status, message) => {
    const response = await request(app).get(path);
    expect(response.status).toBe(status);
    expect(response.body).toEqual({ error: { httpCode: status, message } });
  });

  it('goes by the current name of a parameter where its former name is given too', async () => {
    const { status } = await request(app).get(`/api/v3/traces?query.start_time_min=x&${window}`);
    expect(status).toBe(200);
  });
});

describe('the server around it', () => {
  it('answers unknown paths and methods in the same shape', async () => {
    expect(await refusalOf('/api/nope')).toContain('404 there is no /api/nope');
    expect(await refusalOf('/nope')).toContain('404 there is no /nope');
    const response = await request(app).post('/api/traces');
    expect([response.status, response.headers['allow']]).toEqual([405, 'GET, HEAD']);
    expect((await request(app).delete('/api/v3/services')).body).toMatchObject({ error: { httpCode: 405 } });
  });

  it('prints pretty JSON when asked', async () => {
    expect((await request(app).get('/api/services?prettyPrint=true')).text).toContain('\n    "data"');
    expect((await request(app).get('/api/services?prettyPrint=false')).text).not.toContain('\n');
  });

  it('gives statistics and health', async () => {
    expect((await get('/api/longpole/stats')).body).toEqual({ stored: 4 });
    expect((await get('/healthz')).body).toEqual({ status: 'ok' });
  });

  it.each([
    'localhost:16686',
    'shop.localhost',
    '127.0.0.1:1',
    '[::1]:16686',
    '10.1.2.3',
    'TRACES.example:80',
  ])('answers to the host %s', async (host) => {
    expect((await request(app).get('/api/services').set('Host', host)).status).toBe(200);
  });

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', 'traces.example.evil'])(
    'does not answer to the host %s, against DNS rebinding',
    async (host) => {
      for (const path of ['/', '/api/services', '/api/v3/services', '/api/longpole/stats', '/healthz']) {
        const response = await request(app).get(path).set('Host', host);
        expect(response.status).toBe(403);
        expect(response.text).toContain(`Host \\"${host}\\" is not allowed`);
      }
    },
  );

  it('sends headers that keep other sites out', async () => {
    const { headers } = await request(app).get('/').set('Origin', 'https://evil.example');
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['x-frame-options']).toBe('DENY');
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['cache-control']).toBe('no-store');
  });
});
