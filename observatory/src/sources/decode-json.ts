// Tells the format of a parsed JSON value by its content and reads its spans.
import type { DecodedSpans } from '../wire/decoded-spans.ts';
import { tracesFromJaegerJson } from '../wire/jaeger-json.ts';
import { spansFromOtlpJson } from '../wire/otlp-json.ts';
import { isObject, type JsonObject } from '../wire/read-json.ts';
import { isZipkinSpan, spansFromZipkinJson } from '../wire/zipkin-json.ts';

/** Spans and the name of the format they came in; an empty name where nothing in them tells. */
export interface DecodedJson extends DecodedSpans {
  readonly format: string;
}

interface Format {
  readonly name: string;
  readonly matches: (json: JsonObject) => boolean;
  readonly read: (json: JsonObject) => DecodedSpans;
}

function fromOtlp(json: unknown): DecodedSpans {
  return { spans: spansFromOtlpJson(json), invalid: 0 };
}

function fromJaeger(json: JsonObject): DecodedSpans {
  return { spans: tracesFromJaegerJson(json).flatMap((trace) => [...trace.spans]), invalid: 0 };
}

function hasResourceSpans(value: unknown): boolean {
  return isObject(value) && 'resourceSpans' in value;
}

const OTLP = 'OTLP JSON';

/** OTLP, in the envelopes of Jaeger's API v3 and of Tempo too, signals that are no traces, Jaeger's UI JSON. */
const FORMATS: readonly Format[] = [
  { name: OTLP, matches: hasResourceSpans, read: fromOtlp },
  {
    name: OTLP,
    matches: (json) => hasResourceSpans(json['result']),
    read: (json) => fromOtlp(json['result']),
  },
  { name: OTLP, matches: (json) => hasResourceSpans(json['trace']), read: (json) => fromOtlp(json['trace']) },
  {
    name: 'Tempo JSON',
    matches: (json) => Array.isArray(json['batches']),
    read: (json) => fromOtlp({ resourceSpans: json['batches'] }),
  },
  {
    name: '',
    matches: (json) => 'resourceLogs' in json || 'resourceMetrics' in json,
    read: () => ({ spans: [], invalid: 0 }),
  },
  {
    name: 'Jaeger JSON',
    matches: (json) => Array.isArray(json['data']) || Array.isArray(json['spans']),
    read: fromJaeger,
  },
  { name: 'Zipkin JSON', matches: isZipkinSpan, read: (json) => spansFromZipkinJson([json]) },
];

/** The formats that are understood, for error messages. */
export const KNOWN_FORMATS =
  'OTLP JSON and protobuf (also as the Collector’s file exporter writes them), Jaeger JSON, Zipkin v2 JSON, Tempo JSON';

function decodeList(list: readonly unknown[]): DecodedJson | undefined {
  if (list.flat().every(isZipkinSpan)) {
    return { format: list.flat().length === 0 ? '' : 'Zipkin JSON', ...spansFromZipkinJson(list) };
  }
  const decoded = list.map((item) => (isObject(item) ? decodeJson(item) : undefined));
  const spans: DecodedJson['spans'] = [];
  for (const one of decoded) {
    if (one === undefined) return undefined;
    for (const span of one.spans) spans.push(span);
  }
  const formats = new Set(decoded.map((one) => one?.format ?? ''));
  return {
    format: [...formats].filter((format) => format !== '').join(' and '),
    spans,
    invalid: decoded.reduce((sum, one) => sum + (one?.invalid ?? 0), 0),
  };
}

/**
 * The spans in one parsed JSON value, or in a list of such values; `undefined` when it is no format of traces.
 * @throws WireError when the format is clear and a value in it is bad.
 */
export function decodeJson(json: unknown): DecodedJson | undefined {
  if (Array.isArray(json)) return decodeList(json);
  if (!isObject(json)) return undefined;
  const format = FORMATS.find(({ matches }) => matches(json));
  return format === undefined ? undefined : { format: format.name, ...format.read(json) };
}
