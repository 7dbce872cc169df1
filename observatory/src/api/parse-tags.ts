// Tags of a search: JSON objects and key:value pairs.

/** Pairs of key and text of a JSON object of strings, numbers and booleans; `undefined` when it is none. */
export function parseJsonTags(text: string): [string, string][] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
  const pairs = Object.entries(parsed as Record<string, unknown>);
  const isPlain = pairs.every(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  return isPlain ? pairs.map(([key, value]) => [key, String(value)]) : undefined;
}

/** The pair in `key:value`; the value may have further colons. */
export function parsePair(text: string): [string, string][] | undefined {
  const at = text.indexOf(':');
  return at > 0 ? [[text.slice(0, at), text.slice(at + 1)]] : undefined;
}

/** Either form. */
export function parseTags(text: string): [string, string][] | undefined {
  return text.trimStart().startsWith('{') ? parseJsonTags(text) : parsePair(text);
}
