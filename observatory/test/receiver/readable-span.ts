// Spans as the OpenTelemetry SDK exports them, encoded by OpenTelemetry's own serializers: the independent encoder.
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';

type Readable = Parameters<typeof ProtobufTraceSerializer.serializeRequest>[0][number];

export interface SpanSeed {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name?: string;
  kind?: number;
  service?: string;
  /** Nanoseconds since the Unix epoch. */
  startNs?: bigint;
  endNs?: bigint;
  status?: { code: number; message?: string };
  attributes?: Record<string, unknown>;
  resource?: Record<string, unknown>;
  events?: { name: string; timeNs: bigint; attributes: Record<string, unknown> }[];
  links?: { traceId: string; spanId: string; attributes?: Record<string, unknown> }[];
  scope?: string;
  traceState?: string;
}

const SECOND = 1_000_000_000n;

/** 2026-11-22T10:00:00Z. */
export const T0 = 1_795_341_600n * SECOND;

function hrTime(ns: bigint): [number, number] {
  return [Number(ns / SECOND), Number(ns % SECOND)];
}

function context(traceId: string, spanId: string, traceState?: string) {
  return {
    traceId,
    spanId,
    traceFlags: 1,
    ...(traceState && { traceState: { serialize: () => traceState } }),
  };
}

/** One exported span; resources of one seed object are one object, as the SDK has them. */
export function readableSpan(seed: SpanSeed, resource = resourceOf(seed)): Readable {
  const { traceId, spanId, parentSpanId, startNs = T0, endNs = startNs + 1_000_000n } = seed;
  const span = {
    name: seed.name ?? 'GET /',
    kind: seed.kind ?? 1,
    spanContext: () => context(traceId, spanId, seed.traceState),
    parentSpanContext: parentSpanId === undefined ? undefined : context(traceId, parentSpanId),
    startTime: hrTime(startNs),
    endTime: hrTime(endNs),
    status: seed.status ?? { code: 0 },
    attributes: seed.attributes ?? {},
    links: (seed.links ?? []).map(({ attributes, ...ids }) => ({
      context: context(ids.traceId, ids.spanId),
      attributes,
    })),
    events: (seed.events ?? []).map(({ name, timeNs, attributes }) => ({
      name,
      attributes,
      time: hrTime(timeNs),
    })),
    duration: hrTime(endNs - startNs),
    ended: true,
    resource,
    instrumentationScope: { name: seed.scope ?? 'test', version: '1' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
  return span as unknown as Readable;
}

function resourceOf(seed: SpanSeed): object {
  return { attributes: { 'service.name': seed.service ?? 'shop', ...seed.resource } };
}

function withSharedResources(seeds: readonly SpanSeed[]): Readable[] {
  const known = new Map<string, object>();
  return seeds.map((seed) => {
    const resource = resourceOf(seed);
    const key = JSON.stringify(resource);
    const shared = known.get(key) ?? resource;
    known.set(key, shared);
    return readableSpan(seed, shared);
  });
}

export function protobufBody(...seeds: SpanSeed[]): Buffer {
  return Buffer.from(ProtobufTraceSerializer.serializeRequest(withSharedResources(seeds)) ?? []);
}

export function jsonBody(...seeds: SpanSeed[]): Buffer {
  return Buffer.from(JsonTraceSerializer.serializeRequest(withSharedResources(seeds)) ?? []);
}

/** A trace id that ends in `n`. */
export function traceIdOf(n: number): string {
  return n.toString(16).padStart(32, 'a0');
}

/** A span id that ends in `n`. */
export function spanIdOf(n: number): string {
  return n.toString(16).padStart(16, 'b0');
}
