// The demo's recorded checkout, moved to now and multiplied, sent by OpenTelemetry's own serializer and Zipkin exporter.
import { join } from 'node:path';
import { ZipkinExporter } from '@opentelemetry/exporter-zipkin';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { fileSource } from '../../../observatory/src/sources/index.ts';
import { minNs } from '../../../observatory/src/trace/nanoseconds.ts';
import type { AttributeMap, Span, Trace } from '../../../observatory/src/trace/span.ts';

type Readable = Parameters<typeof ProtobufTraceSerializer.serializeRequest>[0][number];

const RECORDED = join(__dirname, '../../../observatory/test/golden/checkout.otlp.jsonl');
const SECOND_NS = 1_000_000_000n;
const MS_NS = 1_000_000n;
const KINDS = ['INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const CODES = ['UNSET', 'OK', 'ERROR'];

/** The recorded checkout, begun at `startNs`. */
export async function recordedCheckout(startNs: bigint): Promise<Trace> {
  const { traceId, spans } = await fileSource(RECORDED).read(undefined);
  const first = spans.reduce((least, span) => minNs(least, span.startNs), spans[0]?.startNs ?? 0n);
  const move = (ns: bigint): bigint => ns - first + startNs;
  const moved = spans.map((span) => ({
    ...span,
    startNs: move(span.startNs),
    endNs: move(span.endNs),
    events: span.events.map((event) => ({ ...event, timeNs: move(event.timeNs) })),
  }));
  return { traceId, spans: moved };
}

/** Copy `n`: with ids of its own, `n` seconds later, its root `n` × 10 ms longer, every second one of another route. */
export function copyOf({ spans }: Trace, n: number): Trace {
  const traceId = `c0ffee${n.toString(16).padStart(26, '0')}`;
  const copy = spans.map((span) => {
    const isRoot = span.parentSpanId === '';
    const startNs = span.startNs + BigInt(n) * SECOND_NS;
    const endNs = span.endNs + BigInt(n) * SECOND_NS + (isRoot ? BigInt(n) * 10n * MS_NS : 0n);
    const route =
      isRoot && n % 2 === 1 ? { name: 'POST /api/quote', attributes: withRoute(span, '/api/quote') } : {};
    const spanId = n.toString(16).padStart(4, '0') + span.spanId.slice(4);
    const parentSpanId = isRoot ? '' : n.toString(16).padStart(4, '0') + span.parentSpanId.slice(4);
    return { ...span, ...route, traceId, spanId, parentSpanId, startNs, endNs };
  });
  return { traceId, spans: copy };
}

function withRoute({ attributes }: Span, route: string): AttributeMap {
  return { ...attributes, 'http.route': route };
}

function plain(attributes: AttributeMap): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [
      key,
      typeof value === 'bigint' ? Number(value) : value,
    ]),
  );
}

function hrTime(ns: bigint): [number, number] {
  return [Number(ns / SECOND_NS), Number(ns % SECOND_NS)];
}

function toReadable(span: Span, resource: object): Readable {
  const context = (spanId: string) => ({ traceId: span.traceId, spanId, traceFlags: 1 });
  const readable = {
    name: span.name,
    kind: KINDS.indexOf(span.kind),
    spanContext: () => context(span.spanId),
    parentSpanContext: span.parentSpanId === '' ? undefined : context(span.parentSpanId),
    startTime: hrTime(span.startNs),
    endTime: hrTime(span.endNs),
    duration: hrTime(span.endNs - span.startNs),
    status: { code: CODES.indexOf(span.status.code), message: span.status.message },
    attributes: plain(span.attributes),
    links: span.links.map((link) => ({
      context: { traceId: link.traceId, spanId: link.spanId, traceFlags: 1 },
      attributes: {},
    })),
    events: span.events.map(({ name, timeNs, attributes }) => ({
      name,
      time: hrTime(timeNs),
      attributes: plain(attributes),
    })),
    ended: true,
    resource,
    instrumentationScope: { name: span.scope.name, version: span.scope.version },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
  return readable as unknown as Readable;
}

function toReadables(traces: readonly Trace[]): Readable[] {
  const resources = new Map<string, object>();
  return traces
    .flatMap(({ spans }) => spans)
    .map((span) => {
      const resource = resources.get(span.service) ?? { attributes: plain(span.resource.attributes) };
      resources.set(span.service, resource);
      return toReadable(span, resource);
    });
}

/** Sends traces to an OTLP/HTTP endpoint as protobuf. */
export async function sendOtlp(url: string, traces: readonly Trace[]): Promise<void> {
  const body = ProtobufTraceSerializer.serializeRequest(toReadables(traces));
  const headers = { 'content-type': 'application/x-protobuf' };
  const answer = await fetch(`${url}/v1/traces`, { method: 'POST', headers, body: Buffer.from(body ?? []) });
  if (!answer.ok) throw new Error(`OTLP was answered ${answer.status}: ${await answer.text()}`);
}

/** Without fractions of a microsecond, which OpenTelemetry's exporter sends in timestamps and Zipkin refuses with 400. */
function inMicroseconds({ traceId, spans }: Trace): Trace {
  const whole = spans.map((span) => ({ ...span, startNs: span.startNs - (span.startNs % 1_000n) }));
  return { traceId, spans: whole };
}

/** Sends traces to a Zipkin. */
export async function sendZipkin(url: string, traces: readonly Trace[]): Promise<void> {
  const exporter = new ZipkinExporter({ url: `${url}/api/v2/spans` });
  await new Promise<void>((sent, failed) => {
    exporter.export(toReadables(traces.map(inMicroseconds)), ({ code, error }) => {
      if (code === 0) sent();
      else failed(error ?? new Error(`Zipkin's exporter ended with ${code}`));
    });
  });
  await exporter.shutdown();
}
