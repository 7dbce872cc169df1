// Makes OpenTelemetry's exporter for Zipkin send what Zipkin takes, and tell what became of it.

import type { HrTime } from '@opentelemetry/api';
import type { ExportResult } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { revisedSpan } from '../shaping/index.ts';
import { loadPackage } from '../shared/load-package.ts';
import { FollowedExporter } from './followed-exporter.ts';

interface ZipkinPackage {
  readonly ZipkinExporter: new (config: { url: string }) => SpanExporter;
}

/** An exporter that posts to `url`, one request for each batch. */
export function createZipkinExporter(url: string): SpanExporter {
  const { ZipkinExporter } = loadPackage<ZipkinPackage>(
    '@opentelemetry/exporter-zipkin',
    '@opentelemetry/sdk-node',
  );
  return new FollowedExporter(new WholeMicroseconds(new ZipkinExporter({ url })));
}

/**
 * Zipkin's times are whole microseconds, and durations are 1 or more (Zipkin API v2, "Span"); it answers 400 to anything
 * else. The exporter hands on the fraction of a start time.
 */
class WholeMicroseconds implements SpanExporter {
  readonly #inner: SpanExporter;

  constructor(inner: SpanExporter) {
    this.#inner = inner;
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.#inner.export(spans.map(inWholeMicroseconds), (result) => done(withStatus(result)));
  }

  async forceFlush(): Promise<void> {
    await this.#inner.forceFlush?.();
  }

  shutdown(): Promise<void> {
    return this.#inner.shutdown();
  }
}

/** Start and end are cut alike, so that spans within others stay within them. */
function inWholeMicroseconds(span: ReadableSpan): ReadableSpan {
  const startTime = cut(span.startTime);
  const endTime = cut(span.endTime);
  const nanos = (endTime[0] - startTime[0]) * 1e9 + endTime[1] - startTime[1];
  const durationNanos = Math.max(1000, nanos);
  const duration: HrTime = [Math.floor(durationNanos / 1e9), durationNanos % 1e9];
  return revisedSpan(span, { startTime, endTime, duration });
}

function cut([seconds, nanos]: HrTime): HrTime {
  return [seconds, Math.floor(nanos / 1000) * 1000];
}

/** The exporter tells the status of a refusal in words alone. */
function withStatus(result: ExportResult): ExportResult {
  const [, status] = /status code from zipkin: (\d+)/.exec(result.error?.message ?? '') ?? [];
  if (result.error === undefined || status === undefined) return result;
  return { ...result, error: Object.assign(new Error(result.error.message), { code: Number(status) }) };
}
