// Makes batches of spans as OTLP/protobuf, as a service with the OpenTelemetry SDK would send them.

import { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

export const SPANS_A_BATCH = 512;
const SPANS_A_TRACE = 8;
const TRACES = SPANS_A_BATCH / SPANS_A_TRACE;

const resource = resourceFromAttributes({ 'service.name': 'bench' });
const instrumentationScope = { name: 'bench', version: '1.0.0' };

/** The id of the first trace of a batch. */
export const traceIdOf = (batch: number): string => hex(1 + batch * TRACES, 32);

const hex = (value: number, length: number): string => value.toString(16).padStart(length, '0');

export function spanBatch(batch: number): Uint8Array {
  const spans = Array.from({ length: SPANS_A_BATCH }, (_, i) => spanOf(batch, i));
  const body = ProtobufTraceSerializer.serializeRequest(spans);
  if (body === undefined) throw new Error('The spans could not be encoded.');
  return body;
}

function spanOf(batch: number, i: number): ReadableSpan {
  const number = batch * SPANS_A_BATCH + i;
  const traceId = hex(1 + batch * TRACES + Math.floor(i / SPANS_A_TRACE), 32);
  const isRoot = i % SPANS_A_TRACE === 0;
  const parent = {
    traceId,
    spanId: hex(number - (i % SPANS_A_TRACE) + 1, 16),
    traceFlags: TraceFlags.SAMPLED,
  };
  const seconds = Math.floor(Date.now() / 1000);
  const span: Partial<ReadableSpan> = {
    name: isRoot ? 'GET /orders/:id' : 'GET',
    kind: isRoot ? SpanKind.SERVER : SpanKind.CLIENT,
    spanContext: () => ({ traceId, spanId: hex(number + 1, 16), traceFlags: TraceFlags.SAMPLED }),
    ...(isRoot ? {} : { parentSpanContext: parent }),
    startTime: [seconds, 1000 * i],
    endTime: [seconds, 1000 * i + 900_000],
    duration: [0, 900_000],
    status: { code: SpanStatusCode.UNSET },
    attributes: attributesOf(number),
    links: [],
    events: [],
    ended: true,
    resource,
    instrumentationScope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
  return span as ReadableSpan;
}

function attributesOf(number: number): ReadableSpan['attributes'] {
  return {
    'http.request.method': 'GET',
    'http.route': '/orders/:id',
    'http.response.status_code': 200,
    'url.scheme': 'http',
    'url.path': `/orders/${number}`,
    'server.address': 'orders.internal',
    'server.port': 8080,
    'network.protocol.version': '1.1',
    'user_agent.original': 'axios/1.21.1',
    'client.address': `10.0.${(number >> 8) & 255}.${number & 255}`,
  };
}
