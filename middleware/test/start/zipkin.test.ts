// Spans for Zipkin, by OpenTelemetry's own exporter, to a server that is as strict as Zipkin's.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { HrTime } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { startTracing, type TracingHandle, withSpan } from '../../src/index.ts';
import { environmentComplaints } from '../../src/start/environment-complaints.ts';
import { createZipkinExporter } from '../../src/start/zipkin-exporter.ts';

interface ZipkinSpan {
  readonly id: string;
  readonly parentId?: string;
  readonly name: string;
  readonly timestamp: number;
  readonly duration: number;
  readonly annotations?: readonly { readonly timestamp: number }[];
}

/** What Zipkin 3 checks of times before it takes a span. */
function isTaken({ timestamp, duration, annotations = [] }: ZipkinSpan): boolean {
  const times = [timestamp, duration, ...annotations.map((annotation) => annotation.timestamp)];
  return times.every((time) => Number.isSafeInteger(time) && time >= 1);
}

let taken: ZipkinSpan[];
let answers: number[];
let server: Server;
let url: string;
let tracing: TracingHandle | undefined;

const before = { ...process.env };

beforeEach(async () => {
  taken = [];
  answers = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const spans = JSON.parse(Buffer.concat(chunks).toString()) as ZipkinSpan[];
    const status = answers.shift() ?? (spans.every(isTaken) ? 202 : 400);
    if (status === 202) taken.push(...spans);
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v2/spans`;
});

afterEach(async () => {
  await tracing?.shutdown();
  tracing = undefined;
  process.env = { ...before };
  await new Promise((resolve) => server.close(resolve));
});

function start(): { tracing: TracingHandle; lines: string[] } {
  const lines: string[] = [];
  Object.assign(process.env, { OTEL_TRACES_EXPORTER: 'zipkin', OTEL_EXPORTER_ZIPKIN_ENDPOINT: url });
  tracing = startTracing({ service: 'orders', ignore: ['/api/v2/spans'], log: (line) => lines.push(line) });
  return { tracing, lines };
}

describe('times', () => {
  it('of real spans are whole microseconds, and nobody’s duration is 0', async () => {
    const { tracing: handle } = start();
    for (let i = 0; i < 50; i += 1) await withSpan('outer', () => withSpan('inner', async () => {}));
    await handle.forceFlush();
    expect(taken).toHaveLength(100);
    expect(handle.stats()).toMatchObject({ started: 100, exported: 100, dropped: {} });
    for (const { parentId, timestamp, duration } of taken) {
      const parent = taken.find(({ id }) => id === parentId);
      if (parent === undefined) continue;
      expect(timestamp).toBeGreaterThanOrEqual(parent.timestamp);
      expect(timestamp + duration).toBeLessThanOrEqual(
        Math.max(parent.timestamp + parent.duration, timestamp + 1),
      );
    }
  });

  it.each<[string, HrTime, HrTime, number, number]>([
    [
      'fractions of a microsecond',
      [1_763_800_000, 123_456_789],
      [1_763_800_000, 123_999_111],
      1_763_800_000_123_456,
      543,
    ],
    ['no time at all', [1_763_800_000, 5], [1_763_800_000, 5], 1_763_800_000_000_000, 1],
    ['an end before the start', [1_763_800_001, 5], [1_763_800_000, 5], 1_763_800_001_000_000, 1],
    [
      'the turn of a second',
      [1_763_800_000, 999_999_999],
      [1_763_800_002, 1],
      1_763_800_000_999_999,
      1_000_001,
    ],
  ])('of a span with %s', async (_what, startTime, endTime, timestamp, duration) => {
    const exporter = createZipkinExporter(url);
    const span = {
      name: 'work',
      kind: 0,
      spanContext: () => ({ traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 }),
      startTime,
      endTime,
      duration: [0, 999],
      status: { code: 0 },
      attributes: {},
      links: [],
      events: [{ name: 'seen', time: startTime }],
      resource: { attributes: {} },
    } as unknown as ReadableSpan;
    const result = await new Promise((resolve) => exporter.export([span], resolve));
    await exporter.shutdown();
    expect(result).toMatchObject({ code: 0 });
    expect(taken).toMatchObject([{ timestamp, duration }]);
  });
});

describe('what Zipkin answers', () => {
  it('400 is counted as refused, and said', async () => {
    const { tracing: handle, lines } = start();
    answers.push(400);
    withSpan('work', () => undefined);
    await handle.forceFlush();
    expect(handle.stats().dropped).toEqual({ http_400: 1 });
    expect(lines.at(-1)).toBe(
      `longpole: Zipkin at ${url} refuses traces (http_400); what it refuses is lost`,
    );
  });

  it('503 is tried again', async () => {
    const { tracing: handle } = start();
    answers.push(503);
    withSpan('work', () => undefined);
    await handle.forceFlush();
    await handle.forceFlush();
    expect(handle.stats()).toMatchObject({ exported: 1, queued: 0, dropped: {} });
  });
});

it('an endpoint that is no URL gets a line', () => {
  process.env['OTEL_EXPORTER_ZIPKIN_ENDPOINT'] = 'zipkin:9411';
  expect(environmentComplaints()).toEqual([
    expect.stringContaining(
      'expected a URL that begins with http:// or https://; using http://localhost:9411/api/v2/spans',
    ),
  ]);
});
