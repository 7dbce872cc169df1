// An OTLP/HTTP endpoint for tests: keeps every span, flat.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { otlpJsonOf } from '../../../middleware/test/support/otlp-body.ts';

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface WireSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly KeyValue[];
  readonly events?: readonly { readonly name: string; readonly attributes?: readonly KeyValue[] }[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status?: { readonly code?: number; readonly message?: string };
}

interface WireRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[];
  }[];
}

export interface SeenSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string;
  readonly service: string;
  readonly kind: string;
  readonly name: string;
  readonly durationMs: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly isError: boolean;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  /** Messages of the exceptions recorded on it. */
  readonly exceptions: readonly unknown[];
}

const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];

export class OtlpSink {
  readonly spans: SeenSpan[] = [];
  readonly #server: Server = createServer(async (req, res) => {
    const { resourceSpans } = otlpJsonOf(await buffer(req), req.headers['content-type']) as WireRequest;
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = String(toObject(resource.attributes)['service.name']);
      for (const scope of scopeSpans) {
        this.spans.push(...scope.spans.map((span) => toSeenSpan(service, span)));
      }
    }
    res.end();
  });

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  ofTrace(traceId: string): SeenSpan[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** The spans as lines, children indented below their parent in the order they started: `gateway SERVER POST /x`. */
export function drawTree(spans: readonly SeenSpan[]): string[] {
  const draw = (parentId: string, depth: number): string[] =>
    spans
      .filter((span) => span.parentId === parentId)
      .flatMap((span) => [
        `${'  '.repeat(depth)}${span.service} ${span.kind} ${span.name}`,
        ...draw(span.spanId, depth + 1),
      ]);
  const ids = new Set(spans.map((span) => span.spanId));
  const roots = new Set(spans.filter((span) => !ids.has(span.parentId)).map((span) => span.parentId));
  return [...roots].flatMap((id) => draw(id, 0));
}

function toSeenSpan(service: string, span: WireSpan): SeenSpan {
  const exceptions = (span.events ?? []).filter((event) => event.name === 'exception');
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentId: span.parentSpanId ?? '',
    service,
    kind: KINDS[span.kind] ?? String(span.kind),
    name: span.name,
    durationMs: Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e6,
    attributes: toObject(span.attributes ?? []),
    isError: span.status?.code === 2,
    links: (span.links ?? []).map(({ traceId, spanId }) => ({ traceId, spanId })),
    exceptions: exceptions.map((event) => toObject(event.attributes ?? [])['exception.message']),
  };
}

function toObject(attributes: readonly KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]));
}

/** OTLP/JSON writes 64-bit integers as text. */
function plain(value: KeyValue['value']): unknown {
  return 'intValue' in value ? Number(value['intValue']) : Object.values(value)[0];
}
