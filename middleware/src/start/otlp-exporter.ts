// Makes exporters for OTLP over HTTP, with our own encoding, or with OpenTelemetry's for JSON.

import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { loadPackage } from '../shared/load-package.ts';
import type { BatchLimits } from './batch-processor.ts';
import { type EncodedBatch, EncodedQueue } from './encoded-queue.ts';
import { batchLimits, otlpTimeoutMs } from './environment.ts';
import { HttpExporter } from './http-exporter.ts';
import type { Batch, BatchExporter, Outbox } from './outbox.ts';
import { SpanQueue } from './span-queue.ts';

type Transformer = typeof import('@opentelemetry/otlp-transformer');

/** How batches are kept, sent, and made a body of. */
export interface Shipping<B extends Batch = Batch> {
  readonly exporter: BatchExporter<B>;
  queue(limits: BatchLimits): Outbox<B>;
  /** Makes the body of a request, for the last try while the process exits; set for OTLP over HTTP. */
  bodyOf?(batch: B): Uint8Array;
}

export interface OtlpTarget {
  readonly url: string;
  readonly contentType: 'application/json' | 'application/x-protobuf';
}

/** OTLP/protobuf, encoded soon after spans end. */
export function protobufShipping(url: string): Shipping<EncodedBatch> {
  const bodyOf = (batch: EncodedBatch): Uint8Array => batch.body();
  return {
    exporter: otlpExporter({ url, contentType: 'application/x-protobuf' }, bodyOf),
    queue: ({ fullBatchSize, maxBatchBytes }) =>
      new EncodedQueue({ spans: fullBatchSize, bytes: maxBatchBytes }),
    bodyOf,
  };
}

/** OTLP/JSON, encoded by OpenTelemetry's transformer as batches are sent. */
export function jsonShipping(url: string): Shipping<ReadableSpan[]> {
  const bodyOf = (batch: ReadableSpan[]): Uint8Array =>
    transformer().JsonTraceSerializer.serializeRequest(batch) ?? new Uint8Array();
  return {
    exporter: otlpExporter({ url, contentType: 'application/json' }, bodyOf),
    queue: () => new SpanQueue(),
    bodyOf,
  };
}

/** Loaded when it is needed: for JSON, and for answers that have something to say. */
const transformer = (): Transformer => loadPackage<Transformer>('@opentelemetry/otlp-transformer');

function otlpExporter<B extends Batch>(
  { url, contentType }: OtlpTarget,
  bodyOf: (batch: B) => Uint8Array,
): BatchExporter<B> {
  const timeoutMs = Math.min(otlpTimeoutMs(), batchLimits(0).exportTimeoutMs);
  const rejected = (body: Uint8Array): number => rejectedIn(body, contentType);
  return new HttpExporter({ url, contentType, timeoutMs, bodyOf, rejectedIn: rejected });
}

/** How many spans an OTLP partial success rejects. */
function rejectedIn(body: Uint8Array, contentType: OtlpTarget['contentType']): number {
  if (body.length === 0) return 0;
  const { JsonTraceSerializer, ProtobufTraceSerializer } = transformer();
  const serializer = contentType === 'application/json' ? JsonTraceSerializer : ProtobufTraceSerializer;
  return Number(serializer.deserializeResponse(body).partialSuccess?.rejectedSpans ?? 0);
}
