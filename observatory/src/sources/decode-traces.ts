// Tells the format of a parsed JSON value by its content and reads its traces.
import type { Span } from '../trace/span.ts';
import { tracesFromJaegerJson } from '../wire/jaeger-json.ts';
import { spansFromOtlpJson } from '../wire/otlp-json.ts';
import { isObject, type JsonObject } from '../wire/read-json.ts';

interface Format {
  readonly matches: (json: JsonObject) => boolean;
  readonly read: (json: JsonObject) => Span[];
}

function fromJaeger(json: JsonObject): Span[] {
  return tracesFromJaegerJson(json).flatMap((trace) => trace.spans);
}

/** OTLP, OTLP in the envelope of Jaeger's API v3, signals that are no traces, Jaeger's UI JSON. */
const FORMATS: readonly Format[] = [
  { matches: (json) => 'resourceSpans' in json, read: spansFromOtlpJson },
  {
    matches: (json) => isObject(json['result']) && 'resourceSpans' in json['result'],
    read: (json) => spansFromOtlpJson(json['result']),
  },
  { matches: (json) => 'resourceLogs' in json || 'resourceMetrics' in json, read: () => [] },
  { matches: (json) => Array.isArray(json['data']) || Array.isArray(json['spans']), read: fromJaeger },
];

/** The formats that are understood, for error messages. */
export const KNOWN_FORMATS = 'OTLP JSON, JSON lines of the Collector’s file exporter, Jaeger JSON';

/**
 * The spans in one parsed JSON value, or in a list of such values; `undefined` when it is no format of traces.
 * @throws WireError when the format is clear and a value in it is bad.
 */
export function decodeSpans(json: unknown): Span[] | undefined {
  if (Array.isArray(json)) {
    const decoded = json.map((item: unknown) => (isObject(item) ? decodeSpans(item) : undefined));
    return decoded.length > 0 && decoded.every((spans) => spans !== undefined) ? decoded.flat() : undefined;
  }
  if (!isObject(json)) return undefined;
  return FORMATS.find((format) => format.matches(json))?.read(json);
}
