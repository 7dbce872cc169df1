// HTTP methods as the semantic conventions want them: known ones as they are, others as `_OTHER`.

const KNOWN = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
  'QUERY',
]);

/** The value of `http.request.method`: the method, or `_OTHER` for one outside RFC 9110, RFC 5789 and RFC 10008. */
export function methodAttribute(method: string): string {
  return KNOWN.has(method) ? method : '_OTHER';
}

/** The `{method}` part of a span name: the method, or `HTTP` when it is not a known one. */
export function methodInName(method: string): string {
  return KNOWN.has(method) ? method : 'HTTP';
}
