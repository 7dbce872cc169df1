// Zipkin's tags, which are all text -> attributes, status, kind and name.
import type { AttributeMap, AttributeValue, SpanKind, SpanStatus } from '../trace/span.ts';
import { setAttribute } from './any-value.ts';
import { takeString } from './jaeger-tags.ts';
import type { JsonObject } from './read-json.ts';

const KINDS: readonly SpanKind[] = ['CLIENT', 'SERVER', 'PRODUCER', 'CONSUMER'];

/** Attributes that are whole numbers in the semantic conventions and text in Zipkin. */
const WHOLE_NUMBERS = /^(http\.(response\.)?status_code|http\.request\.resend_count|.*\.(port|size|count))$/;
const DIGITS = /^\d{1,18}$/;

function readValue(key: string, value: unknown): AttributeValue {
  if (typeof value === 'string') return WHOLE_NUMBERS.test(key) && DIGITS.test(value) ? BigInt(value) : value;
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  return JSON.stringify(value) ?? null;
}

/** A map of tags as attributes; what should be text and is not becomes its JSON text. */
export function readZipkinTags(tags: JsonObject): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {};
  for (const [key, value] of Object.entries(tags)) setAttribute(attributes, key, readValue(key, value));
  return attributes;
}

/** Zipkin has no kind for work inside a service. */
export function zipkinKind(word: string): SpanKind {
  return KINDS.find((kind) => kind === word.toUpperCase()) ?? 'INTERNAL';
}

/**
 * Removes the tags that carry a status and returns it. Zipkin's `error` tag is an error whatever it says, except
 * `false`; its text is the message.
 */
export function takeZipkinStatus(attributes: Record<string, AttributeValue>): SpanStatus {
  const code = takeString(attributes, 'otel.status_code').toUpperCase();
  const described = takeString(attributes, 'otel.status_description');
  const hasError = 'error' in attributes && attributes['error'] !== false && attributes['error'] !== 'false';
  const error = hasError ? takeString(attributes, 'error') : '';
  const message = described || (error === 'true' ? '' : error);
  if (code === 'ERROR' || hasError) return { code: 'ERROR', message };
  return { code: code === 'OK' ? 'OK' : 'UNSET', message };
}

/** The span's name, with the case that Zipkin took from it where the attributes of the request have it. */
export function zipkinName(name: string, attributes: AttributeMap): string {
  const method = attributes['http.request.method'] ?? attributes['http.method'];
  const route = attributes['http.route'] ?? attributes['url.template'];
  const candidates = [`${String(method)} ${String(route)}`, String(method)];
  return candidates.find((candidate) => candidate.toLowerCase() === name) ?? name;
}
