// All that is known of a span, as plain data: what `longpole show` prints of it.
import type { TraceAnalysis } from '../../analysis/analyze-trace.ts';
import { spansOnPath } from '../../analysis/path-spans.ts';
import { nsToMs } from '../../trace/nanoseconds.ts';
import type { SpanNode } from '../../trace/node.ts';
import type { AttributeMap, AttributeValue } from '../../trace/span.ts';

/** An attribute's value in JSON: whole numbers beyond 2^53 are strings, bytes are base64. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** A span of `longpole show --json`. Times are milliseconds; `startMs` counts from the root's start. */
export interface SpanJson {
  readonly spanId: string;
  /** `null` on a root. */
  readonly parentSpanId: string | null;
  readonly depth: number;
  readonly service: string;
  readonly operation: string;
  readonly kind: string;
  readonly startMs: number;
  readonly durationMs: number;
  /** Its own time on the critical path; 0 when it is not on it. */
  readonly selfMs: number;
  readonly status: string;
  readonly statusMessage: string;
  readonly attributes: JsonValue;
  readonly events: readonly {
    readonly name: string;
    readonly timeMs: number;
    readonly attributes: JsonValue;
  }[];
  readonly links: readonly {
    readonly traceId: string;
    readonly spanId: string;
    readonly attributes: JsonValue;
  }[];
  readonly resource: JsonValue;
  readonly scope: { readonly name: string; readonly version: string };
}

/** An attribute's value as JSON. */
export function jsonValue(value: AttributeValue): JsonValue {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(jsonValue);
  return typeof value === 'object' && value !== null
    ? jsonObject(value as AttributeMap)
    : (value as JsonValue);
}

function jsonObject(attributes: AttributeMap): JsonValue {
  return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, jsonValue(value)]));
}

function toSpanJson(node: SpanNode, startMs: number, rootNs: bigint, selfNs: bigint): SpanJson {
  const { span, parent, depth } = node;
  return {
    spanId: span.spanId,
    parentSpanId: parent?.span.spanId ?? (span.parentSpanId || null),
    depth,
    service: span.service,
    operation: span.name,
    kind: span.kind,
    startMs,
    durationMs: nsToMs(span.endNs > span.startNs ? span.endNs - span.startNs : 0n),
    selfMs: nsToMs(selfNs),
    status: span.status.code,
    statusMessage: span.status.message,
    attributes: jsonObject(span.attributes),
    events: span.events.map(({ name, timeNs, attributes }) => {
      return { name, timeMs: nsToMs(timeNs - rootNs), attributes: jsonObject(attributes) };
    }),
    links: span.links.map(({ traceId, spanId, attributes }) => {
      return { traceId, spanId, attributes: jsonObject(attributes) };
    }),
    resource: jsonObject(span.resource.attributes),
    scope: { name: span.scope.name, version: span.scope.version },
  };
}

/** The spans of a trace as data, in the order of its tree. */
export function toSpansJson({ tree, path, timeline }: TraceAnalysis): SpanJson[] {
  const selfNs = new Map<SpanNode, bigint>();
  for (const one of spansOnPath(path)) selfNs.set(one.node, (selfNs.get(one.node) ?? 0n) + one.selfNs);
  const rootNs = tree.root?.span.startNs ?? 0n;
  return tree.nodes.map((node) => {
    const startMs = nsToMs((timeline.starts[node.index] as bigint) - path.startNs);
    return toSpanJson(node, startMs, rootNs, selfNs.get(node) ?? 0n);
  });
}
