// Makes the spans of a mesh of four services as OTLP/protobuf, as their SDKs send them: a batch is from one service.
import { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { Random } from './random.ts';
import { attributesOf, ERROR_EVENT, HOPS, type Hop, routeOf } from './span-words.ts';

export const SPANS_A_BATCH = 512;
export const SPANS_A_TRACE = HOPS.length * 2;
/** Batches that hold whole traces together: one of each service. */
export const BATCHES_A_GROUP: number = HOPS.length;
export const TRACES_A_GROUP: number = SPANS_A_BATCH / 2;

const ERROR_SHARE = 0.01;
const SPAN_NS = 900_000;

interface Draft {
  readonly traceId: string;
  readonly spanIds: readonly string[];
  readonly random: Random;
}

/** A batch that is sent again and again, each time as spans of other traces at a later time. */
export interface Template {
  readonly body: Buffer;
  /** Where the last four bytes of every trace id, span id and parent id are. */
  readonly ids: Uint32Array;
  /** Where every start and end is, and what it is in nanoseconds after the first start of the batch. */
  readonly times: Uint32Array;
  readonly timeNs: Float64Array;
}

/** The batches of one group of traces and the ids of those traces. */
export interface Group {
  readonly templates: readonly Template[];
  readonly traceIds: readonly string[];
}

const resources: readonly Resource[] = HOPS.map(({ service }, i) =>
  resourceFromAttributes({
    'service.name': service,
    'service.version': '4.2.0',
    'service.instance.id': `${service}-5d9c7b6f4-${i}x2lq`,
    'deployment.environment.name': 'production',
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.name': 'opentelemetry',
    'telemetry.sdk.version': '3.1.0',
    'process.runtime.version': '24.21.0',
  }),
);
const scope = { name: '@opentelemetry/instrumentation-http', version: '0.301.0' };

/** When the spans of a template start; a sending moves them to its own time. */
const BASE_SECONDS = 1_733_000_000;

function hrTime(ns: number): [number, number] {
  return [BASE_SECONDS + Math.floor(ns / 1e9), ns % 1e9];
}

function spanOf(draft: Draft, hop: Hop, hopIndex: number, isServer: boolean, startNs: number): ReadableSpan {
  const { traceId, spanIds, random } = draft;
  const own = hopIndex * 2 + (isServer ? 0 : 1);
  const endNs = startNs + SPAN_NS - own * 1000;
  const isError = random.next() < ERROR_SHARE;
  const name = isServer ? `${hop.method} ${routeOf(hop, random)}` : hop.callName;
  const context = (spanId: string) => ({ traceId, spanId, traceFlags: TraceFlags.SAMPLED });
  const span: Partial<ReadableSpan> = {
    name,
    kind: isServer ? SpanKind.SERVER : SpanKind.CLIENT,
    spanContext: () => context(spanIds[own] ?? ''),
    ...(own > 0 && { parentSpanContext: context(spanIds[own - 1] ?? '') }),
    startTime: hrTime(startNs),
    endTime: hrTime(endNs),
    duration: [0, endNs - startNs],
    status: isError
      ? { code: SpanStatusCode.ERROR, message: ERROR_EVENT.message }
      : { code: SpanStatusCode.UNSET },
    attributes: attributesOf(hop, isServer, name, random),
    links: [],
    events: isError ? [{ name: 'exception', time: hrTime(endNs), attributes: ERROR_EVENT.attributes }] : [],
    ended: true,
    resource: resources[hopIndex] as Resource,
    instrumentationScope: scope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
  return span as ReadableSpan;
}

/** Where `bytes` is found next in `body`; a body that has it nowhere was not encoded as expected. */
function placeOf(body: Buffer, bytes: Buffer, from: number): number {
  const place = body.indexOf(bytes, from);
  if (place < 0) throw new Error('A field of a span is not where the encoder puts it.');
  return place;
}

function timeBytes([seconds, nanos]: readonly [number, number]): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(seconds) * 1_000_000_000n + BigInt(nanos));
  return bytes;
}

function nsOf([seconds, nanos]: readonly [number, number]): number {
  return (seconds - BASE_SECONDS) * 1e9 + nanos;
}

/** Encodes the spans and finds what changes with every sending. */
function toTemplate(spans: readonly ReadableSpan[]): Template {
  const encoded = ProtobufTraceSerializer.serializeRequest([...spans]);
  if (encoded === undefined) throw new Error('The spans could not be encoded.');
  const body = Buffer.from(encoded);
  const ids: number[] = [];
  const times: number[] = [];
  const timeNs: number[] = [];
  let from = 0;
  for (const span of spans) {
    const { traceId, spanId } = span.spanContext();
    const fields = [traceId, spanId, span.parentSpanContext?.spanId ?? ''].filter((id) => id !== '');
    for (const id of fields) {
      from = placeOf(body, Buffer.from(id, 'hex'), from) + id.length / 2;
      ids.push(from - 4);
    }
    for (const time of [span.startTime, span.endTime]) {
      from = placeOf(body, timeBytes(time), from) + 8;
      times.push(from - 8);
      timeNs.push(nsOf(time));
    }
  }
  return {
    body,
    ids: Uint32Array.from(ids),
    times: Uint32Array.from(times),
    timeNs: Float64Array.from(timeNs),
  };
}

/** A group of traces; the same number makes the same group. */
function makeGroup(number: number): Group {
  const random = new Random(number + 1);
  const drafts = Array.from({ length: TRACES_A_GROUP }, (): Draft => {
    return {
      traceId: random.hex(16),
      spanIds: Array.from({ length: SPANS_A_TRACE }, () => random.hex(8)),
      random,
    };
  });
  const templates = HOPS.map((hop, hopIndex) => {
    const spans = drafts.flatMap((draft, i) => {
      const startNs = i * 40_000 + hopIndex * 2_000;
      // A span is sent when it has ended: the call before the request that made it.
      return [
        spanOf(draft, hop, hopIndex, false, startNs + 1_000),
        spanOf(draft, hop, hopIndex, true, startNs),
      ];
    });
    return toTemplate(spans);
  });
  return { templates, traceIds: drafts.map(({ traceId }) => traceId) };
}

/** Different groups; after them the same attributes come again, in other traces. */
const GROUPS = 16;
const made = new Map<number, Group>();

/** The group that is sent in a round. */
export function groupOf(round: number): Group {
  const number = round % GROUPS;
  const group = made.get(number) ?? makeGroup(number);
  made.set(number, group);
  return group;
}

/** Makes all groups now, so that making one holds nothing up later. */
export function prepareTraffic(): void {
  for (let round = 0; round < GROUPS; round++) groupOf(round);
}

/** The last four bytes of an id, changed for one sending. */
const ROUND_STEP = 0x9e37_79b1;

function change(word: number, round: number): number {
  return (word ^ Math.imul(round, ROUND_STEP)) >>> 0;
}

/** The body of one sending of a template, its spans starting about `startMs` (milliseconds since the Unix epoch). */
export function bodyOf({ body, ids, times, timeNs }: Template, round: number, startMs: number): Buffer {
  const copy = Buffer.from(body);
  for (const at of ids) copy.writeUInt32BE(change(copy.readUInt32BE(at), round), at);
  const base = BigInt(startMs) * 1_000_000n;
  for (let i = 0; i < times.length; i++) {
    copy.writeBigUInt64LE(base + BigInt(timeNs[i] ?? 0), times[i] ?? 0);
  }
  return copy;
}

/** The id of a trace of a group in one sending. */
export function traceIdOf({ traceIds }: Group, index: number, round: number): string {
  const id = traceIds[index] ?? '';
  const word = change(Number.parseInt(id.slice(24), 16), round);
  return id.slice(0, 24) + word.toString(16).padStart(8, '0');
}
