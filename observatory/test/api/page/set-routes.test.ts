// What the page asks about sets of traces, and about a trace with a change.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { type Api, createApi } from '../../../src/api/index.ts';
import type { TraceStore } from '../../../src/store/index.ts';
import type { ComparisonView, MapView, RouteView, SetSize, WhatIfView } from '../../../src/view/index.ts';
import { type SpanSeed, spanIdOf, T0, traceIdOf } from '../../receiver/readable-span.ts';
import { closeStores, openStore, records } from '../../store/records.ts';

const MS = 1_000_000n;
const EVERY = 10_000n * MS;
const NOW_MS = Number((T0 + 1_000n * EVERY) / MS);

let store: TraceStore;
let api: Api;

/** gateway calls payment, which takes most of the time; with `isLost` payment has a trace of its own. */
function checkout(trace: number, paymentMs: number, isLost = false): SpanSeed[] {
  const traceId = traceIdOf(trace);
  const at = T0 + BigInt(trace) * EVERY;
  const till = (ms: number): bigint => at + BigInt(ms) * MS;
  const server: SpanSeed = {
    traceId: isLost ? traceIdOf(trace + 10_000) : traceId,
    spanId: spanIdOf(3),
    ...(isLost ? {} : { parentSpanId: spanIdOf(2) }),
    service: 'payment',
    name: 'POST /charges',
    kind: 1,
    startNs: till(101),
    endNs: till(paymentMs + 99),
  };
  return [
    {
      traceId,
      spanId: spanIdOf(1),
      service: 'gateway',
      name: 'POST /checkout',
      kind: 1,
      startNs: at,
      endNs: till(paymentMs + 200),
    },
    {
      traceId,
      spanId: spanIdOf(2),
      parentSpanId: spanIdOf(1),
      service: 'gateway',
      name: 'POST',
      kind: 2,
      startNs: till(100),
      endNs: till(paymentMs + 100),
      attributes: {
        'service.peer.name': 'payment',
        'http.response.status_code': 201,
        'server.address': '127.0.0.1',
      },
    },
    server,
  ];
}

async function get<T>(path: string): Promise<T> {
  const { status, body } = await request(api.app).get(`/api/longpole${path}`);
  expect({ path, status, body }).toMatchObject({ status: 200 });
  return body as T;
}

beforeEach(() => {
  store = openStore();
  api = createApi({ store, stats: () => ({}), otlpUrl: () => 'http://127.0.0.1:4318', clock: () => NOW_MS });
});

afterEach(() => {
  api.close();
  closeStores();
});

describe('routes', () => {
  it('have their numbers, their path and the points of their traces in time', async () => {
    for (let trace = 1; trace <= 20; trace++) store.add(records(...checkout(trace, 700 + trace)));
    const { set, routes } = await get<{ set: SetSize; routes: RouteView[] }>('/routes');
    expect(set).toEqual({ traces: 20, leftOut: 0 });
    expect(routes).toHaveLength(1);
    expect(routes[0]).toMatchObject({
      service: 'gateway',
      operation: 'POST /checkout',
      count: 20,
      errors: 0,
      p50Ms: 910,
      maxMs: 920,
      slowest: traceIdOf(20),
      sentence: expect.stringContaining('payment · POST /charges'),
    });
    expect(routes[0]?.points).toHaveLength(20);
    expect(routes[0]?.points[0]).toEqual([Number((T0 + EVERY) / MS), 901, 0]);
    expect(routes[0]?.groups[0]).toMatchObject({ service: 'payment', bottleneckShare: 1 });
  });

  it('are those of the newest traces, and of the route and time that are asked for', async () => {
    for (let trace = 1; trace <= 5; trace++) store.add(records(...checkout(trace, 700)));
    const size = async (query: string): Promise<SetSize> =>
      (await get<{ set: SetSize }>(`/routes${query}`)).set;
    expect(await size('?last=2')).toEqual({ traces: 2, leftOut: 3 });
    expect(await size('?service=gateway&operation=POST%20/checkout')).toEqual({ traces: 5, leftOut: 0 });
    expect(await size('?operation=other')).toEqual({ traces: 0, leftOut: 0 });
    expect(await size(`?startMs=${Number((T0 + 4n * EVERY) / MS)}`)).toEqual({ traces: 2, leftOut: 0 });
  });

  it.each([
    ['/routes?last=0', /last.*"0".*1 to 5000/],
    ['/routes?startMs=x', /startMs.*"x".*milliseconds/],
    ['/findings?startMs=5&endMs=1', /endMs must not be before startMs/],
  ])('%s is refused with the reason', async (path, reason) => {
    const { status, text } = await request(api.app).get(`/api/longpole${path}`);
    expect(status).toBe(400);
    expect(text.replaceAll('\\"', '"')).toMatch(reason);
  });
});

describe('a comparison', () => {
  it('tells what got slower between two windows', async () => {
    for (let trace = 1; trace <= 40; trace++) {
      store.add(records(...checkout(trace, (trace <= 20 ? 500 : 900) + (trace % 7) * 3)));
    }
    const split = Number((T0 + 20n * EVERY) / MS) + 5_000;
    const query = `?beforeEndMs=${split}&afterStartMs=${split}`;
    const answer = await get<{ before: SetSize; after: SetSize; routes: ComparisonView[] }>(
      `/compare${query}`,
    );
    expect([answer.before.traces, answer.after.traces]).toEqual([20, 20]);
    expect(answer.routes[0]).toMatchObject({ verdict: 'slower', beforeCount: 20, afterCount: 20 });
    expect(answer.routes[0]?.p50?.differenceMs).toBeGreaterThan(380);
    expect(answer.routes[0]?.groups[0]).toMatchObject({ service: 'payment', time: { isSignificant: true } });
  });
});

describe('the map', () => {
  it('has services, calls and their numbers', async () => {
    for (let trace = 1; trace <= 3; trace++) store.add(records(...checkout(trace, 700)));
    const { map } = await get<{ map: MapView }>('/map');
    expect(map.nodes).toEqual([
      { service: 'gateway', requests: 3, errors: 0, p50Ms: 900, p95Ms: 900, isUntraced: false },
      { service: 'payment', requests: 3, errors: 0, p50Ms: 698, p95Ms: 698, isUntraced: false },
    ]);
    expect(map.edges).toEqual([
      {
        from: 'gateway',
        to: 'payment',
        kind: 'call',
        calls: 3,
        errors: 0,
        p50Ms: 698,
        p95Ms: 698,
        isBroken: false,
      },
    ]);
    expect(map.seconds).toBeCloseTo(20.1, 1);
  });

  it('draws a call whose context got lost as broken', async () => {
    for (let trace = 1; trace <= 3; trace++) store.add(records(...checkout(trace, 700, true)));
    const { map } = await get<{ map: MapView }>('/map');
    expect(map.edges).toEqual([
      expect.objectContaining({ from: 'gateway', to: 'payment', calls: 3, isBroken: true }),
    ]);
  });

  it('is empty without traces', async () => {
    expect(await get('/map')).toEqual({
      set: { traces: 0, leftOut: 0 },
      map: { nodes: [], edges: [], seconds: 0 },
    });
  });
});

describe('the map of one trace', () => {
  it('has its services only', async () => {
    store.add(records(...checkout(1, 700), ...checkout(2, 700)));
    const map = await get<MapView>(`/traces/${traceIdOf(1)}/map`);
    expect(map.edges).toEqual([
      expect.objectContaining({ from: 'gateway', to: 'payment', calls: 1, isBroken: false }),
    ]);
    expect(map.nodes.map(({ service, requests }) => [service, requests])).toEqual([
      ['gateway', 1],
      ['payment', 1],
    ]);
  });

  it('shows a call that was not answered', async () => {
    store.add(records(...checkout(1, 700, true)));
    const map = await get<MapView>(`/traces/${traceIdOf(1)}/map`);
    expect(map.edges).toEqual([expect.objectContaining({ from: 'gateway', to: 'payment', calls: 1 })]);
    expect(map.nodes[1]).toMatchObject({ service: 'payment', isUntraced: true });
  });
});

describe('findings', () => {
  it('are those of the set, and those of one trace', async () => {
    store.add(records(...checkout(1, 700), ...checkout(2, 700, true)));
    const all = await get<{ findings: { code: string; services: string[] }[] }>('/findings');
    expect(all.findings.map(({ code }) => code)).toContain('broken-propagation');
    const healthy = await get<{ findings: unknown[] }>(`/traces/${traceIdOf(1)}/findings`);
    expect(healthy.findings).not.toContainEqual(expect.objectContaining({ code: 'broken-propagation' }));
  });
});

describe('a what-if', () => {
  beforeEach(() => {
    store.add(records(...checkout(1, 700)));
  });

  const ask = (query: string): Promise<WhatIfView> =>
    get<WhatIfView>(`/traces/${traceIdOf(1)}/what-if?${query}`);

  it('replays the trace', async () => {
    expect(await ask('service=payment&factor=0.5')).toMatchObject({
      beforeMs: 900,
      afterMs: 551,
      changed: 1,
    });
    expect(await ask('service=payment&factor=0')).toMatchObject({
      afterMs: 202,
      bottleneck: { service: 'gateway' },
    });
    expect(await ask('operation=POST%20/charges&kind=remove')).toMatchObject({ afterMs: 200 });
  });

  it.each([
    ['', /name a service, an operation, or both/],
    ['service=payment&factor=fast', /factor.*"fast".*0 to 1000/],
    ['service=payment&kind=halve', /kind.*"halve".*scale, remove, parallel/],
  ])('with %j is refused with the reason', async (query, reason) => {
    const { status, text } = await request(api.app).get(
      `/api/longpole/traces/${traceIdOf(1)}/what-if?${query}`,
    );
    expect(status).toBe(400);
    expect(text.replaceAll('\\"', '"')).toMatch(reason);
  });
});
