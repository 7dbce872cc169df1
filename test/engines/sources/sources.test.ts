// Every source reads the same checkout with the same verdict, and lists the same traces, from the real engines.
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { analyzeTrace } from '../../../observatory/src/analysis/analyze-trace.ts';
import { openSource, type TraceQuery } from '../../../observatory/src/sources/index.ts';
import type { Trace } from '../../../observatory/src/trace/span.ts';
import { eventually } from '../eventually.ts';
import { canonicalLegacy, canonicalV3 } from './canonical.ts';
import { copyOf, recordedCheckout, sendOtlp, sendZipkin } from './send-traces.ts';
import { type Engines, startEngines } from './start-engines.ts';

/** More than two pages of a list. */
const COPIES = 230;
const BATCH = 20;
const AGE_MS = 600_000;

let engines: Engines;
let checkout: Trace;
let copies: Trace[];

function open(name: string) {
  const { embedded, jaeger, zipkin, files } = engines;
  const places: Record<string, string> = { embedded, jaeger, zipkin, ...files };
  const stdin = (async function* (): AsyncGenerator<string> {})();
  return openSource(places[name] ?? '', { from: 'test', now: Date.now, stdin }).source;
}

async function listed(name: string, query: TraceQuery): Promise<Trace[]> {
  const traces: Trace[] = [];
  const warnings: string[] = [];
  for await (const trace of open(name).list(query, { onWarning: (text) => warnings.push(text) }))
    traces.push(trace);
  expect(warnings).toEqual([]);
  return traces;
}

async function hasArrived(name: string): Promise<void> {
  await eventually(`all traces in ${name}`, async () => {
    const traces = await listed(name, {});
    const spans = traces.reduce((sum, trace) => sum + trace.spans.length, 0);
    return spans >= (COPIES + 1) * checkout.spans.length ? traces : undefined;
  });
}

beforeAll(async () => {
  engines = await startEngines();
  const startMs = Date.now() - AGE_MS;
  checkout = await recordedCheckout(BigInt(startMs) * 1_000_000n);
  copies = Array.from({ length: COPIES }, (_, i) => copyOf(checkout, i + 1));
  for (let i = 0; i < COPIES; i += BATCH) {
    await sendOtlp(engines.collector, copies.slice(i, i + BATCH));
    await sendZipkin(engines.zipkin, copies.slice(i, i + BATCH));
  }
  await sendOtlp(engines.collector, [checkout]);
  await sendZipkin(engines.zipkin, [checkout]);
  for (const name of ['embedded', 'jaeger', 'zipkin']) await hasArrived(name);
  await engines.stopCollector();
}, 300_000);

afterAll(() => engines?.stop());

const NAMES = ['embedded', 'jaeger', 'zipkin', 'json', 'proto', 'zstd'];

describe.each(NAMES)('%s', (name) => {
  it('reads the checkout with the verdict of the embedded backend', async () => {
    const expected = analyzeTrace(await open('embedded').read(checkout.traceId));
    const found = analyzeTrace(await open(name).read(checkout.traceId));
    expect(found.sentence).toBe(expected.sentence);
    expect(found.sentence).toMatch(/^payment · authorize with acquirer holds up POST \/api\/checkout: /);
    expect(found.bottleneck?.share).toBeCloseTo(expected.bottleneck?.share ?? 0, 3);
    expect(found.tree.nodes.map(({ span, depth }) => [depth, span.service, span.kind, span.name])).toEqual(
      expected.tree.nodes.map(({ span, depth }) => [depth, span.service, span.kind, span.name]),
    );
  });

  it('takes the newest request when no id is given', async () => {
    expect((await open(name).read(undefined)).traceId).toBe(copies.at(-1)?.traceId);
  });

  test.each<[string, TraceQuery, (n: number) => boolean]>([
    ['everything', {}, () => true],
    ['one route', { operation: 'post /api/quote' }, (n) => n % 2 === 1],
    [
      'the last of a route',
      { operation: 'POST /api/checkout', last: 5 },
      (n) => n % 2 === 0 && n > COPIES - 10,
    ],
    ['the last of more than a page', { last: 150 }, (n) => n > COPIES - 150],
    ['those of a service that is never the root', { service: 'payment', last: 3 }, (n) => n > COPIES - 3],
    [
      'a service and a route',
      { service: 'payment', operation: 'POST /api/quote', last: 2 },
      (n) => n === 229 || n === 227,
    ],
    ['a service that is not there', { service: 'shipping' }, () => false],
    ['a route that is not there', { operation: 'GET /' }, () => false],
  ])('lists %s', async (_, query, isAsked) => {
    const expected = [checkout, ...copies].filter((_trace, n) => isAsked(n)).map(({ traceId }) => traceId);
    const found = await listed(name, query);
    expect(found.map(({ traceId }) => traceId).sort()).toEqual(expected.sort());
    expect(found.every(({ spans }) => spans.length === checkout.spans.length)).toBe(true);
  });

  it('lists the slow ones, and those of a time', async () => {
    const [slowest, second] = [copies.at(-1), copies.at(-2)];
    const root = second?.spans.find(({ parentSpanId }) => parentSpanId === '');
    const minDurationMs = Number((root?.endNs ?? 0n) - (root?.startNs ?? 0n)) / 1e6 - 1;
    const slow = await listed(name, { minDurationMs });
    expect(slow.map(({ traceId }) => traceId).sort()).toEqual([second?.traceId, slowest?.traceId].sort());
    const sinceMs = Number((root?.startNs ?? 0n) / 1_000_000n);
    expect((await listed(name, { sinceMs, untilMs: sinceMs + 500 })).map(({ traceId }) => traceId)).toEqual([
      second?.traceId,
    ]);
  });

  it('says that a trace is not there', async () => {
    await expect(open(name).read('f'.repeat(32))).rejects.toMatchObject({
      code: 'ERR_LONGPOLE_TRACE_NOT_FOUND',
    });
  });
});

describe('the query API of the embedded backend', () => {
  const ask = async (backend: string, path: string) => {
    const response = await fetch(`${backend}${path}`);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const both = async (path: string, canonical: (body: Record<string, unknown>) => unknown) => {
    const answers = await Promise.all([ask(engines.embedded, path), ask(engines.jaeger, path)]);
    return answers.map(({ status, body }) => ({ status, body: canonical(body) }));
  };
  const around = (perMs: number): { from: string; to: string } => {
    const startMs = Number((checkout.spans[0]?.startNs ?? 0n) / 1_000_000n);
    return { from: String((startMs - AGE_MS) * perMs), to: String((startMs + 2 * AGE_MS) * perMs) };
  };

  it.each<[string, (id: string) => string]>([
    ['services', () => '/api/services'],
    ['the operations of a service', () => '/api/services/gateway/operations'],
    ['operations with their kinds', () => '/api/operations?service=gateway'],
    ['operations of one kind', () => '/api/operations?service=gateway&spanKind=client'],
    ['a trace', (id) => `/api/traces/${id}`],
    ['a trace by its id in capitals', (id) => `/api/traces/${id.toUpperCase()}`],
    ['traces by id', (id) => `/api/traces?traceID=${id}&traceID=${copies[0]?.traceId}`],
    ['dependencies', () => `/api/dependencies?endTs=${around(1).to}&lookback=${4 * AGE_MS}`],
    ['a trace that is not there', () => `/api/traces/${'e'.repeat(32)}`],
  ])('answers as Jaeger does: %s', async (_, path) => {
    const [embedded, jaeger] = await both(path(checkout.traceId), canonicalLegacy);
    expect(embedded).toEqual(jaeger);
  });

  it.each<[string, (id: string) => string]>([
    ['services', () => '/api/v3/services'],
    ['operations', () => '/api/v3/operations?service=gateway'],
    ['a trace', (id) => `/api/v3/traces/${id}`],
    ['a trace that is not there', () => `/api/v3/traces/${'e'.repeat(32)}`],
  ])('answers as Jaeger does in its third API: %s', async (_, path) => {
    const [embedded, jaeger] = await both(path(checkout.traceId), canonicalV3);
    expect(embedded).toEqual(jaeger);
  });

  it.each<[string, string]>([
    ['a service', 'service=payment'],
    [
      'operation, tag and duration',
      'service=gateway&operation=POST&tags=%7B%22http.response.status_code%22%3A%22201%22%7D&minDuration=100ms',
    ],
    ['a tag that nothing has', 'service=gateway&tags=%7B%22no%22%3A%22such%22%7D'],
  ])('finds what Jaeger finds by %s', async (_, query) => {
    const { from, to } = around(1_000);
    const path = `/api/traces?${query}&start=${from}&end=${to}&limit=500`;
    const [embedded, jaeger] = await both(path, ({ data }) =>
      (data as { traceID: string; spans: unknown[] }[])
        .map(({ traceID, spans }) => `${traceID} ${spans.length}`)
        .sort(),
    );
    expect(embedded).toEqual(jaeger);
  });

  it('refuses a search without a service with the status and the words of Jaeger, and says the cure', async () => {
    const [embedded, jaeger] = await both('/api/traces', ({ errors }) => JSON.stringify(errors));
    expect(embedded?.status).toBe(jaeger?.status);
    expect(String(jaeger?.body)).toContain("parameter 'service' is required");
    expect(String(embedded?.body)).toContain("parameter 'service' is required: /api/services lists");
  });
});
