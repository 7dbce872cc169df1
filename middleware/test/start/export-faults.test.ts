// What becomes of spans when the backend misbehaves: none is lost in silence, few are lost at all.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ExportingProcess, type Report } from './support/exporting-process.ts';
import { FaultBackend } from './support/fault-backend.ts';
import { unaccounted } from './support/traced.ts';

const MEBIBYTE = 1024 * 1024;

let backend: FaultBackend;
let app: ExportingProcess;

beforeAll(() => {
  app = new ExportingProcess();
});

afterAll(() => app.end());

beforeEach(async () => {
  backend = await FaultBackend.start();
});

afterEach(async () => {
  await backend.stop();
});

/** Every span is accounted for, and what counts as exported is what the backend has. */
function expectConserved({ stats }: Report): void {
  expect(unaccounted(stats)).toBe(0);
  expect(backend.spans.size).toBe(stats.exported);
}

describe('a healthy backend', () => {
  it('gets every span of a burst of 10 000 in one tick, in order', async () => {
    await app.start(backend.url);
    await app.make(10_000);
    const end = await app.shutdown();
    expectConserved(end);
    expect(end.stats).toMatchObject({ exported: 10_000, queued: 0, dropped: {} });
    expect(backend.names()).toEqual(Array.from({ length: 10_000 }, (_, i) => `work ${i}`));
  });

  it('gets spans after the delay, without anybody asking for a flush', async () => {
    await app.start(backend.url, { delayMs: 5 });
    await app.make(3);
    await backend.until(() => backend.spans.size === 3);
    const end = await app.shutdown();
    expectConserved(end);
  });

  it('gets a full batch without waiting for the delay', async () => {
    await app.start(backend.url, { delayMs: 60_000 });
    await app.make(512);
    await backend.until(() => backend.spans.size === 512);
    const end = await app.shutdown();
    expectConserved(end);
  });

  it('gets ten thousand spans a second although each request takes 100 ms', async () => {
    backend.behave({ kind: 'ok', afterMs: 100 });
    await app.start(backend.url);
    const startMs = performance.now();
    for (let made = 0; made < 10_000; ) {
      const due = Math.min(10_000, Math.floor((performance.now() - startMs) * 10));
      await app.make(due - made);
      made = due;
    }
    const end = await app.shutdown();
    expectConserved(end);
    expect(end.stats).toMatchObject({ exported: 10_000, dropped: {} });
  });
});

describe('a backend that is away for a while', () => {
  it('gets every span once it is back', async () => {
    await app.start(backend.url);
    await backend.stop();
    await app.make(3000);
    const flushed = await app.forceFlush();
    expect(flushed.stats).toMatchObject({ exported: 0, queued: 3000, dropped: {} });
    expect(flushed.isAway).toBe(true);
    await backend.listen();
    await backend.until(() => backend.spans.size === 3000);
    const end = await app.shutdown();
    expectConserved(end);
    expect(end.stats).toMatchObject({ exported: 3000, dropped: {} });
  });

  it('loses only what the queue cannot hold, counted as queue_full', async () => {
    await app.start(backend.url, { maxQueueSize: 1000, fullBatchSize: 100, maxBatchSize: 100 });
    await backend.stop();
    await app.make(400);
    await app.forceFlush();
    await app.make(1600);
    const flushed = await app.forceFlush();
    expect(flushed.stats).toMatchObject({ queued: 1000, dropped: { queue_full: 1000 } });
    await backend.listen();
    const end = await app.shutdown();
    expectConserved(end);
    expect(backend.spans.size).toBe(1000);
  });

  it('does not hold up the shutdown when nobody comes back, and the loss is named', async () => {
    await app.start(backend.url);
    await backend.stop();
    await app.make(700);
    const end = await app.shutdown();
    expect(end.tookMs).toBeLessThan(1500);
    expect(end.stats).toMatchObject({ queued: 0, dropped: { ECONNREFUSED: 700 } });
    expectConserved(end);
  });
});

describe('a backend that breaks connections', () => {
  it('gets the spans of a reset connection with the next one', async () => {
    backend.behave({ kind: 'reset' }, { kind: 'ok' });
    await app.start(backend.url);
    await app.make(500);
    const end = await app.shutdown();
    expectConserved(end);
    expect(end.stats).toMatchObject({ exported: 500, dropped: {} });
    expect(backend.duplicates).toBe(0);
  });

  it('gets spans twice when the confirmation was lost, and they count once', async () => {
    backend.behave({ kind: 'ackLost' }, { kind: 'ok' });
    await app.start(backend.url);
    await app.make(500);
    const end = await app.shutdown();
    expectConserved(end);
    expect(backend.duplicates).toBe(500);
    expect(end.stats.exported).toBe(500);
  });
});

describe('a backend that hangs', () => {
  it('holds up the shutdown no longer than the deadline; what was on its way is unconfirmed', async () => {
    backend.behave({ kind: 'hang' });
    await app.start(backend.url, { flushDeadlineMs: 300, maxBatchSize: 512 });
    await app.make(600);
    const end = await app.shutdown();
    expect(end.tookMs).toBeGreaterThan(250);
    expect(end.tookMs).toBeLessThan(1000);
    expect(end.stats).toMatchObject({ queued: 0, dropped: { unconfirmed: 512, shutdown: 88 } });
    expectConserved(end);
  });

  it.each([
    ['OTEL_BSP_EXPORT_TIMEOUT', 100],
    ['OTEL_EXPORTER_OTLP_TRACES_TIMEOUT', 100],
  ])('is asked again after %s', async (name, ms) => {
    backend.behave({ kind: 'hang' }, { kind: 'ok' });
    await app.start(backend.url, {}, { [name]: String(ms) });
    await app.make(10);
    const end = await app.shutdown();
    expect(end.outcomes[0]).toMatchObject({ kind: 'retry', cause: 'timeout' });
    expect(end.stats).toMatchObject({ exported: 10 });
    expectConserved(end);
  });

  it('is asked again although it keeps trickling bytes', async () => {
    backend.behave({ kind: 'trickle' }, { kind: 'ok' });
    await app.start(backend.url, { exportTimeoutMs: 200 });
    await app.make(10);
    const end = await app.shutdown();
    expect(end.outcomes[0]).toMatchObject({ kind: 'retry', cause: 'timeout' });
    expect(end.stats).toMatchObject({ exported: 10, dropped: {} });
    expectConserved(end);
  });
});

describe('a backend that refuses', () => {
  it.each([400, 401, 404, 415, 500])(
    '%i: the spans are dropped under its name, and not sent again',
    async (status) => {
      backend.behave({ kind: 'status', status });
      await app.start(backend.url);
      await app.make(50);
      const end = await app.shutdown();
      expect(backend.requests).toHaveLength(1);
      expect(end.stats).toMatchObject({ queued: 0, dropped: { [`http_${status}`]: 50 } });
      expectConserved(end);
    },
  );

  it('an answer that is no OTLP still confirms the spans', async () => {
    backend.behave({ kind: 'garbage' });
    await app.start(backend.url);
    await app.make(50);
    const end = await app.shutdown();
    expect(end.stats).toMatchObject({ exported: 50 });
    expectConserved(end);
  });

  it.each([
    ['http/protobuf', 7],
    ['http/json', 7],
    ['http/json', '7'],
  ])('a partial success by %s: %p rejected spans count as rejected', async (protocol, rejected) => {
    backend.behave({ kind: 'partial', rejected });
    await app.start(backend.url, {}, { OTEL_EXPORTER_OTLP_PROTOCOL: protocol });
    await app.make(50);
    const end = await app.shutdown();
    expect(backend.requests).toHaveLength(1);
    expect(end.stats).toMatchObject({ exported: 43, dropped: { rejected: 7 } });
    expectConserved(end);
  });
});

describe('a backend that is busy', () => {
  it.each([429, 503])('%i: the spans are sent again', async (status) => {
    backend.behave({ kind: 'status', status }, { kind: 'status', status }, { kind: 'ok' });
    await app.start(backend.url);
    await app.make(500);
    const end = await app.shutdown();
    expect(backend.requests).toHaveLength(3);
    expect(end.outcomes[0]).toMatchObject({ kind: 'retry', cause: `http_${status}` });
    expect(end.stats).toMatchObject({ exported: 500, dropped: {} });
    expectConserved(end);
  });

  it('is left alone for as long as Retry-After says', async () => {
    backend.behave({ kind: 'status', status: 429, retryAfter: '1' }, { kind: 'ok' });
    await app.start(backend.url);
    await app.make(512);
    await backend.until(() => backend.spans.size === 512);
    const [first, second] = backend.requests;
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThan(950);
    const end = await app.shutdown();
    expectConserved(end);
  });

  it('keeps its spans when Retry-After goes past the deadline of a flush, and a shutdown does not wait', async () => {
    backend.behave({ kind: 'status', status: 429, retryAfter: '30' });
    await app.start(backend.url);
    await app.make(500);
    const flushed = await app.forceFlush();
    expect(flushed.stats).toMatchObject({ queued: 500, dropped: {} });
    const end = await app.shutdown();
    expect(flushed.tookMs + end.tookMs).toBeLessThan(1000);
    expect(end.stats).toMatchObject({ queued: 0, dropped: { http_429: 500 } });
    expectConserved(end);
  });
});

describe('requests that are too large', () => {
  it('are cut in halves until the backend takes them', async () => {
    backend.behave({ kind: 'atMost', spans: 300 });
    await app.start(backend.url);
    await app.make(5000);
    const end = await app.shutdown();
    expect(end.stats).toMatchObject({ exported: 5000, dropped: {} });
    expectConserved(end);
  });

  it('a single span that the backend finds too large is dropped as http_413, and the next ones are sent', async () => {
    backend.behave({ kind: 'status', status: 413 }, { kind: 'ok' });
    await app.start(backend.url);
    await app.make(1, 'huge');
    await app.forceFlush();
    await app.make(2, 'small');
    const end = await app.shutdown();
    expect(end.stats).toMatchObject({ exported: 2, dropped: { http_413: 1 } });
    expectConserved(end);
  });

  it('are not made in the first place: forty spans of a megabyte go in many requests', async () => {
    await app.start(backend.url);
    await app.make(40, 'fat', { count: 1, length: MEBIBYTE });
    const end = await app.shutdown();
    expect(Math.max(...backend.requests.map(({ bytes }) => bytes))).toBeLessThan(10 * MEBIBYTE);
    expect(end.stats).toMatchObject({ exported: 40, dropped: {} });
    expectConserved(end);
  });

  it('a span beyond the limit of OTLP itself is not sent', async () => {
    await app.start(backend.url);
    await app.make(1, 'monster', { count: 66, length: MEBIBYTE });
    await app.make(1, 'small');
    const end = await app.shutdown();
    expect(end.stats).toMatchObject({ exported: 1, dropped: { too_large: 1 } });
    expectConserved(end);
  });
});

describe('a shutdown', () => {
  it('while a request is under way waits for it and sends the rest', async () => {
    backend.behave({ kind: 'ok', afterMs: 150 });
    await app.start(backend.url);
    await app.make(600);
    await backend.until(() => backend.requests.length === 1);
    await app.make(100, 'late');
    const end = await app.shutdown();
    expect(end.stats).toMatchObject({ exported: 700, dropped: {} });
    expectConserved(end);
  });

  it('counts what ends after it as after_shutdown', async () => {
    await app.start(backend.url);
    await app.make(5);
    await app.shutdown();
    const end = await app.make(3);
    expect(end.stats).toMatchObject({ exported: 5, dropped: { after_shutdown: 3 } });
    expectConserved(end);
  });
});
