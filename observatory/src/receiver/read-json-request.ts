// OTLP/JSON ExportTraceServiceRequest -> the records that the store takes, and the spans that it can't.
import type { Origin, SpanRecord } from '../store/index.ts';
import type { Resource, Scope, Span } from '../trace/span.ts';
import { readId, readOptionalId, SPAN_ID_BYTES, TRACE_ID_BYTES } from '../wire/ids.ts';
import { kindNumber, statusNumber } from '../wire/otlp-enums.ts';
import { spansFromOtlpJson } from '../wire/otlp-json.ts';
import { encodeResource, encodeScope, encodeSpan } from '../wire/protobuf/encode-span.ts';
import { isObject, type JsonObject } from '../wire/read-json.ts';
import { WireError } from '../wire/wire-error.ts';
import type { InvalidSpan } from './invalid-span.ts';
import { toOrigin } from './protobuf/decode-origin.ts';
import { toColumnNs } from './protobuf/read-span-record.ts';
import type { SpanBatch } from './span-batch.ts';

/** A body that is no JSON. */
export class JsonSyntaxError extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'JsonSyntaxError';
  }
}

function parse(body: Buffer): unknown {
  if (body.length === 0) throw new JsonSyntaxError('the body is empty; a request without spans is {}');
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new JsonSyntaxError((cause as Error).message);
  }
}

function isBadId(read: () => unknown): boolean {
  try {
    read();
    return false;
  } catch (error) {
    if (error instanceof WireError) return true;
    throw error;
  }
}

function isBadLink(link: unknown): boolean {
  if (!isObject(link)) return false;
  return (
    isBadId(() => readId(link, 'traceId', TRACE_ID_BYTES)) ||
    isBadId(() => readId(link, 'spanId', SPAN_ID_BYTES))
  );
}

function invalidity(span: JsonObject): InvalidSpan | undefined {
  if (isBadId(() => readId(span, 'traceId', TRACE_ID_BYTES))) return 'invalidTraceId';
  if (isBadId(() => readId(span, 'spanId', SPAN_ID_BYTES))) return 'invalidSpanId';
  if (isBadId(() => readOptionalId(span, 'parentSpanId', SPAN_ID_BYTES))) return 'invalidParentSpanId';
  return Array.isArray(span['links']) && span['links'].some(isBadLink) ? 'invalidLink' : undefined;
}

/** `owner` with `change` applied to every object in the list of one of its fields; anything else stays as it is. */
function mapList(owner: JsonObject, key: string, change: (item: JsonObject) => JsonObject): JsonObject {
  const list = owner[key];
  if (!Array.isArray(list)) return owner;
  return { ...owner, [key]: list.map((item: unknown) => (isObject(item) ? change(item) : item)) };
}

function withoutInvalidSpans(body: JsonObject, batch: SpanBatch): JsonObject {
  const keepValid = (scopeSpans: JsonObject): JsonObject => {
    if (!Array.isArray(scopeSpans['spans'])) return scopeSpans;
    const spans = scopeSpans['spans'].filter((span: unknown) => {
      const cause = isObject(span) ? invalidity(span) : undefined;
      if (cause !== undefined) batch.reject(cause);
      return cause === undefined;
    });
    return { ...scopeSpans, spans };
  };
  return mapList(body, 'resourceSpans', (group) => mapList(group, 'scopeSpans', keepValid));
}

/** All spans of the body; spans with invalid ids only cost themselves, not the request. */
function readSpans(body: unknown, batch: SpanBatch): Span[] {
  try {
    return spansFromOtlpJson(body);
  } catch (error) {
    const isIdError = error instanceof WireError && error.code === 'ERR_LONGPOLE_WIRE_ID';
    if (!isIdError || !isObject(body)) throw error;
    return spansFromOtlpJson(withoutInvalidSpans(body, batch));
  }
}

/** Origins of spans by their resource and scope, which spans of one group share. */
class Origins {
  readonly #known = new Map<Resource, Map<Scope, Origin>>();

  of({ resource, scope }: Span): Origin {
    const scopes = this.#known.get(resource) ?? new Map<Scope, Origin>();
    this.#known.set(resource, scopes);
    const origin = scopes.get(scope) ?? toOrigin(encodeResource(resource), encodeScope(scope));
    scopes.set(scope, origin);
    return origin;
  }
}

function toSpanId(hex: string): bigint {
  return hex === '' ? 0n : BigInt.asIntN(64, BigInt(`0x${hex}`));
}

/** A decoded span as the store takes it. */
function toRecord(span: Span, origin: Origin): SpanRecord {
  const source = encodeSpan(span);
  return {
    traceId: span.traceId,
    spanId: toSpanId(span.spanId),
    parentSpanId: toSpanId(span.parentSpanId),
    name: span.name,
    kind: kindNumber(span.kind),
    startNs: toColumnNs(span.startNs),
    durationNs: toColumnNs(span.endNs - span.startNs),
    status: statusNumber(span.status.code),
    origin,
    linkedTraceIds: span.links.map((link) => link.traceId),
    source,
    sourceStart: 0,
    sourceEnd: source.length,
  };
}

/**
 * Reads every span of the body into `batch`.
 * @throws JsonSyntaxError when the body is no JSON, WireError when it is not an ExportTraceServiceRequest.
 */
export function readJsonRequest(body: Buffer, batch: SpanBatch): void {
  const origins = new Origins();
  for (const span of readSpans(parse(body), batch)) batch.accept(toRecord(span, origins.of(span)));
}
