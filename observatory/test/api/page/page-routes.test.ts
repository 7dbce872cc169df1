// What the page asks the backend for.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { type Api, createApi } from '../../../src/api/index.ts';
import type { TraceStore } from '../../../src/store/index.ts';
import type { TraceRow, TraceView, Verdict } from '../../../src/view/index.ts';
import { type SpanSeed, spanIdOf, T0, traceIdOf } from '../../receiver/readable-span.ts';
import { closeStores, openStore, records } from '../../store/records.ts';

const MS = 1_000_000n;

let store: TraceStore;
let api: Api;

function checkout(trace: number, paymentMs: number, more: Partial<SpanSeed> = {}): SpanSeed[] {
  const traceId = traceIdOf(trace);
  const at = T0 + BigInt(trace) * 10_000n * MS;
  const end = at + BigInt(paymentMs + 500) * MS;
  return [
    {
      traceId,
      spanId: spanIdOf(1),
      service: 'gateway',
      name: 'POST /checkout',
      kind: 1,
      startNs: at,
      endNs: end,
    },
    {
      traceId,
      spanId: spanIdOf(2),
      parentSpanId: spanIdOf(1),
      service: 'payment',
      name: 'charge',
      kind: 0,
      startNs: at + 100n * MS,
      endNs: at + BigInt(paymentMs + 100) * MS,
      ...more,
    },
  ];
}

async function get<T>(path: string): Promise<T> {
  const { status, body } = await request(api.app).get(path);
  expect({ path, status, body }).toMatchObject({ status: 200 });
  return body as T;
}

async function rows(query = ''): Promise<TraceRow[]> {
  return (await get<{ traces: TraceRow[] }>(`/api/longpole/traces${query}`)).traces;
}

beforeEach(() => {
  store = openStore();
  api = createApi({ store, stats: () => ({}), otlpUrl: () => 'http://127.0.0.1:4318' });
  store.add(records(...checkout(1, 2_000)));
  store.add(records(...checkout(2, 100, { status: { code: 2, message: 'declined' } })));
  store.add(records(...checkout(3, 700, { attributes: { 'card.type': 'visa' } })));
});

afterEach(() => {
  api.close();
  closeStores();
});

describe('the list', () => {
  it('has every trace in short, the last begun first', async () => {
    expect(await rows()).toEqual([
      expect.objectContaining({ traceId: traceIdOf(3), durationMs: 1_200, spans: 2, errors: 0 }),
      expect.objectContaining({ traceId: traceIdOf(2), durationMs: 600, errors: 1 }),
      {
        traceId: traceIdOf(1),
        service: 'gateway',
        operation: 'POST /checkout',
        isJob: false,
        startMs: Number(T0 / MS) + 10_000,
        durationMs: 2_500,
        spans: 2,
        errors: 0,
        arrival: 1,
      },
    ]);
  });

  it('is by start, whatever arrives late, and knows jobs', async () => {
    store.add(records({ ...(checkout(1, 5)[0] as SpanSeed), traceId: traceIdOf(0), name: 'job', kind: 4 }));
    const listed = await rows();
    expect(listed.map(({ operation }) => operation)).toEqual([
      'POST /checkout',
      'POST /checkout',
      'job',
      'POST /checkout',
    ]);
    expect(listed.map(({ isJob }) => isJob)).toEqual([false, false, true, false]);
    expect(await rows('?jobs=false')).toHaveLength(3);
  });

  it.each([
    ['?errors=true', [2]],
    ['?minDurationMs=1200', [3, 1]],
    ['?maxDurationMs=1200', [3, 2]],
    ['?service=payment&operation=charge', [3, 2, 1]],
    ['?service=gateway&operation=charge', []],
    ['?attribute=card.type%3Dvisa', [3]],
    ['?attribute=card.type%3Damex', []],
    [`?startMs=${Number(T0 / MS) + 20_000}`, [3, 2]],
    [`?endMs=${Number(T0 / MS) + 20_000}`, [2, 1]],
    ['?limit=1', [3]],
  ])('%s gives %j', async (query, expected) => {
    expect((await rows(query)).map(({ traceId }) => traceId)).toEqual(expected.map(traceIdOf));
  });

  it.each([
    ['?minDurationMs=fast', /minDurationMs.*"fast".*milliseconds/],
    ['?minDurationMs=5&maxDurationMs=1', /maxDurationMs must not be below/],
    ['?startMs=5&endMs=1', /endMs must not be before/],
    ['?attribute=visa', /attribute.*"visa".*key=value/],
    ['?limit=0', /limit.*"0".*1 to 10000/],
  ])('%s is refused with the reason', async (query, reason) => {
    const { status, text } = await request(api.app).get(`/api/longpole/traces${query}`);
    expect(status).toBe(400);
    expect(text.replaceAll('\\"', '"')).toMatch(reason);
  });
});

describe('verdicts', () => {
  const ask = async (...traces: number[]): Promise<Verdict[]> => {
    const query = traces.map((trace) => `id=${traceIdOf(trace)}`).join('&');
    return (await get<{ verdicts: Verdict[] }>(`/api/longpole/verdicts?${query}`)).verdicts;
  };

  it('name the bottleneck of each trace that is stored', async () => {
    const [first, second, ...others] = await ask(1, 2, 99);
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      traceId: traceIdOf(1),
      bottleneck: { service: 'payment', operation: 'charge', selfMs: 2_000, share: 0.8, kind: 'own' },
    });
    expect(first?.services[0]).toEqual({ service: 'payment', share: 0.8 });
    expect(second?.bottleneck?.service).toBe('gateway');
  });

  it('say what a call without an answer went to', async () => {
    const attributes = { 'service.peer.name': 'bank', 'server.address': '10.0.0.1' };
    store.add(records(...checkout(4, 2_000, { kind: 2, name: 'POST', attributes })));
    const [verdict] = await ask(4);
    expect(verdict?.bottleneck).toMatchObject({ operation: 'POST', peer: '', calls: ['bank'] });
    const view = await get<TraceView>(`/api/longpole/traces/${traceIdOf(4)}`);
    expect(view.groups.map(({ calls }) => calls)).toEqual([['bank'], []]);
  });

  it('follow the spans that arrive later', async () => {
    expect((await ask(2))[0]?.bottleneck?.service).toBe('gateway');
    const late = { ...checkout(2, 100)[1], spanId: spanIdOf(3), name: 'fraud check' } as SpanSeed;
    store.add(records({ ...late, endNs: (late.startNs ?? 0n) + 450n * MS }));
    const [verdict] = await ask(2);
    expect(verdict).toMatchObject({ arrival: 4, bottleneck: { operation: 'fraud check' } });
  });

  it('are refused for what is no id, and for too many', async () => {
    await request(api.app).get('/api/longpole/verdicts?id=xyz').expect(400, /"xyz/);
    const many = Array.from({ length: 201 }, (_, i) => `id=${traceIdOf(i + 1)}`).join('&');
    await request(api.app)
      .get(`/api/longpole/verdicts?${many}`)
      .expect(400, /201 ids are too many/);
  });
});

describe('one trace', () => {
  it('has columns of one length, the path in order and its groups', async () => {
    const view = await get<TraceView>(`/api/longpole/traces/${traceIdOf(1)}`);
    expect(view).toMatchObject({
      durationNs: 2_500_000_000,
      services: ['gateway', 'payment'],
      names: ['POST /checkout', 'charge'],
      spans: {
        id: [spanIdOf(1), spanIdOf(2)],
        parent: [-1, 0],
        service: [0, 1],
        name: [0, 1],
        kind: [2, 1],
        startNs: [0, 100_000_000],
        durationNs: [2_500_000_000, 2_000_000_000],
        status: [0, 0],
      },
    });
    expect(view.path.reduce((sum, { durationNs }) => sum + durationNs, 0)).toBe(view.durationNs);
    expect(view.spans.pathNs.reduce((a, b) => a + b, 0)).toBe(view.durationNs);
    expect(view.groups[0]).toMatchObject({ service: 'payment', share: 0.8 });
  });

  it('has links in both directions, with the trace at the other end', async () => {
    const [root] = checkout(5, 10);
    const link = { traceId: traceIdOf(1), spanId: spanIdOf(2) };
    store.add(records({ ...root, kind: 4, name: 'process receipt', links: [link] } as SpanSeed));
    const target = await get<TraceView>(`/api/longpole/traces/${traceIdOf(1)}`);
    expect(target.links).toEqual([]);
    expect(target.linkedFrom).toEqual([
      {
        span: 1,
        traceId: traceIdOf(5),
        spanId: spanIdOf(1),
        trace: expect.objectContaining({ operation: 'process receipt' }),
      },
    ]);
    const source = await get<TraceView>(`/api/longpole/traces/${traceIdOf(5)}`);
    expect(source.links).toEqual([
      { span: 0, ...link, trace: expect.objectContaining({ operation: 'POST /checkout' }) },
    ]);
  });

  it('gives a span by its index, as OTLP JSON', async () => {
    const body = await get<{ resourceSpans: { scopeSpans: { spans: object[] }[] }[] }>(
      `/api/longpole/traces/${traceIdOf(3)}/spans/1`,
    );
    expect(body.resourceSpans[0]?.scopeSpans[0]?.spans).toEqual([
      expect.objectContaining({
        name: 'charge',
        attributes: [{ key: 'card.type', value: { stringValue: 'visa' } }],
      }),
    ]);
  });

  it.each([
    [`/api/longpole/traces/${'f'.repeat(32)}`, 404, /is not stored/],
    ['/api/longpole/traces/none', 400, /not up to 32 hex digits/],
    [`/api/longpole/traces/${traceIdOf(1)}/spans/7`, 404, /has no span 7/],
    [`/api/longpole/traces/${traceIdOf(1)}/spans/x`, 404, /has no span x/],
  ])('%s is answered with %d', async (path, status, reason) => {
    await request(api.app).get(path).expect(status, reason);
  });
});

describe('news', () => {
  let server: Server;

  beforeEach(async () => {
    server = createServer(api.app).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(() => {
    server.close();
  });

  async function* events(): AsyncGenerator<TraceRow[]> {
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/api/longpole/live`);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const data = /^event: traces\ndata: (.*)$/m.exec(block)?.[1];
        yield data === undefined ? [] : (JSON.parse(data) as TraceRow[]);
      }
    }
  }

  it('are the rows of what arrives after the page has begun to listen, and end with the backend', async () => {
    const heard = events();
    expect((await heard.next()).value).toEqual([]);
    store.add(records(...checkout(7, 50)));
    expect((await heard.next()).value).toEqual([
      expect.objectContaining({ traceId: traceIdOf(7), spans: 2 }),
    ]);
    api.close();
    expect((await heard.next()).done).toBe(true);
  });
});
