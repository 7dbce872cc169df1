// Reads traces from Jaeger's own two query APIs into one plain shape.
import { JAEGER } from './addresses.ts';

/** One span, whichever API it came from; `at` orders siblings, in nanoseconds (v3) or microseconds (legacy). */
export interface SeenSpan {
  traceId: string;
  spanId: string;
  parentId: string | undefined;
  service: string;
  kind: string;
  name: string;
  at: bigint;
  attributes: Record<string, unknown>;
  links: { traceId: string; spanId: string }[];
}

type Value = { stringValue?: string; intValue?: string; doubleValue?: number; boolValue?: boolean };
type Attributes = { key: string; value: Value }[];

interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  attributes?: Attributes;
  links?: { traceId: string; spanId: string }[];
}

interface OtlpAnswer {
  result?: {
    resourceSpans: { resource: { attributes: Attributes }; scopeSpans: { spans: OtlpSpan[] }[] }[];
  };
}

interface LegacySpan {
  traceID: string;
  spanID: string;
  operationName: string;
  startTime: number;
  processID: string;
  references: { refType: string; traceID: string; spanID: string }[];
  tags: { key: string; value: unknown }[];
}

interface LegacyTrace {
  spans: LegacySpan[];
  processes: Record<string, { serviceName: string }>;
}

const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];

function plain({ stringValue, intValue, doubleValue, boolValue }: Value): unknown {
  return stringValue ?? doubleValue ?? boolValue ?? (intValue === undefined ? undefined : Number(intValue));
}

function record(attributes: Attributes | undefined): Record<string, unknown> {
  return Object.fromEntries((attributes ?? []).map(({ key, value }) => [key, plain(value)]));
}

async function get<T>(path: string): Promise<T | undefined> {
  const response = await fetch(`${JAEGER}${path}`, { signal: AbortSignal.timeout(5_000) });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`Jaeger answered ${response.status} to ${path}`);
  return (await response.json()) as T;
}

/** All spans of a trace by `/api/v3/traces/{id}` (OTLP JSON); none while Jaeger does not know it. */
export async function traceByV3(traceId: string): Promise<SeenSpan[]> {
  const answer = await get<OtlpAnswer>(`/api/v3/traces/${traceId}`);
  return (answer?.result?.resourceSpans ?? []).flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        traceId: span.traceId,
        spanId: span.spanId,
        parentId: span.parentSpanId || undefined,
        service: String(record(resource.attributes)['service.name']),
        kind: KINDS[span.kind] ?? String(span.kind),
        name: span.name,
        at: BigInt(span.startTimeUnixNano),
        attributes: record(span.attributes),
        links: span.links ?? [],
      })),
    ),
  );
}

function fromLegacy({ spans, processes }: LegacyTrace): SeenSpan[] {
  return spans.map((span) => {
    const attributes = Object.fromEntries(span.tags.map(({ key, value }) => [key, value]));
    const { 'span.kind': kind = 'unspecified' } = attributes;
    return {
      traceId: span.traceID,
      spanId: span.spanID,
      parentId: span.references.find(({ refType }) => refType === 'CHILD_OF')?.spanID,
      service: processes[span.processID]?.serviceName ?? '',
      kind: String(kind).toUpperCase(),
      name: span.operationName,
      at: BigInt(span.startTime),
      attributes,
      links: span.references
        .filter(({ refType }) => refType === 'FOLLOWS_FROM')
        .map(({ traceID, spanID }) => ({ traceId: traceID, spanId: spanID })),
    };
  });
}

/** The same by `/api/traces/{id}`, the JSON that Jaeger's UI and Grafana read. */
export async function traceByLegacy(traceId: string): Promise<SeenSpan[]> {
  const answer = await get<{ data: LegacyTrace[] }>(`/api/traces/${traceId}`);
  return (answer?.data ?? []).flatMap(fromLegacy);
}

/** The newest traces of a service that hold an operation, by `/api/traces?…`. */
export async function searchTraces(service: string, operation: string): Promise<SeenSpan[][]> {
  const query = new URLSearchParams({ service, operation, limit: '20', lookback: '1h' });
  const answer = await get<{ data: LegacyTrace[] }>(`/api/traces?${query}`);
  return (answer?.data ?? []).map(fromLegacy);
}

/** The names of all services that Jaeger has spans of. */
export async function services(): Promise<string[]> {
  return (await get<{ data: string[] }>('/api/services'))?.data ?? [];
}

/** The names of a service's spans. */
export async function operations(service: string): Promise<string[]> {
  return (await get<{ data: string[] }>(`/api/services/${service}/operations`))?.data ?? [];
}
