// Whether a span has the attributes that a search asks for.
import type { AttributeMap, AttributeValue, Span } from '../trace/span.ts';
import type { SpanTest } from './trace-query.ts';

const RESOURCE_PREFIX = 'resource.';

function toPlain(value: AttributeValue): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toPlain(item)]));
}

/** An attribute's value as the text that a search compares: JSON for lists and maps, base64 for bytes. */
function valueText(value: AttributeValue): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return typeof value === 'object' ? JSON.stringify(toPlain(value)) : String(value);
}

function has(attributes: AttributeMap, key: string, text: string): boolean {
  if (!Object.hasOwn(attributes, key)) return false;
  return valueText(attributes[key] ?? null) === text;
}

function hasAnywhere(span: Span, key: string, text: string): boolean {
  return (
    has(span.attributes, key, text) ||
    has(span.scope.attributes, key, text) ||
    has(span.resource.attributes, key, text) ||
    span.events.some((event) => has(event.attributes, key, text)) ||
    span.links.some((link) => has(link.attributes, key, text))
  );
}

/** The test for one attribute of a search that no column answers. */
export function attributeTest(key: string, text: string): SpanTest {
  if (key === 'scope.name') return (span) => span.scope.name === text;
  if (key === 'scope.version') return (span) => span.scope.version === text;
  if (!key.startsWith(RESOURCE_PREFIX)) return (span) => hasAnywhere(span, key, text);
  const inner = key.slice(RESOURCE_PREFIX.length);
  return (span) => has(span.resource.attributes, inner, text);
}

/** What a value that is no string can look like as text: a boolean, a number, JSON, base64 or nothing. */
const MAYBE_NO_STRING =
  /^(true|false|-?[\d.e+-]+|NaN|-?Infinity|[[{].*|(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?)$/s;

/**
 * Texts that the bytes of a span or of its origin must contain, or the attribute cannot be there. U+FFFD may stand
 * for bytes that are not UTF-8, so a text with it tells nothing.
 */
export function attributeClues(key: string, text: string): string[] {
  const isScope = key === 'scope.name' || key === 'scope.version';
  const name = key.startsWith(RESOURCE_PREFIX) ? key.slice(RESOURCE_PREFIX.length) : key;
  const clues = [...(isScope ? [] : [name]), ...(isScope || !MAYBE_NO_STRING.test(text) ? [text] : [])];
  return clues.filter((clue) => !clue.includes('\uFFFD'));
}
