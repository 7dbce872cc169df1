// HTTP methods as the semantic conventions want them: known ones as they are, others as `_OTHER`.

import { getStringListFromEnv } from '@opentelemetry/core';

/** RFC 9110, RFC 5789 (PATCH) and RFC 10008 (QUERY). */
const STANDARD = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY'];

/** `OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS` takes the place of the standard ones (HTTP semantic conventions, "Common attributes"). */
const KNOWN = new Set(getStringListFromEnv('OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS') ?? STANDARD);

/** Most requests of a service have one method. */
let latest = 'GET';
let isLatestKnown = KNOWN.has(latest);

function isKnown(method: string): boolean {
  if (method !== latest) {
    latest = method;
    isLatestKnown = KNOWN.has(method);
  }
  return isLatestKnown;
}

/** The value of `http.request.method`: the method, or `_OTHER` for one that is not known. */
export function methodAttribute(method: string): string {
  return isKnown(method) ? method : '_OTHER';
}

/** The `{method}` part of a span name: the method, or `HTTP` when it is not a known one. */
export function methodInName(method: string): string {
  return isKnown(method) ? method : 'HTTP';
}

const MOST_ROUTES = 1024;
const namesByMethod = new Map<string, Map<string, string>>();

/**
 * The name of a SERVER span whose route is known: `{method} {route}` (HTTP semantic conventions, "Name"). Remembered, because
 * a text that is put together is made one piece only when it is read, each time anew.
 */
export function routeName(method: string, route: string): string {
  const first = methodInName(method);
  let names = namesByMethod.get(first);
  if (names === undefined) {
    names = new Map();
    namesByMethod.set(first, names);
  }
  const known = names.get(route);
  if (known !== undefined) return known;
  const name = `${first} ${route}`;
  if (names.size < MOST_ROUTES) names.set(route, name);
  return name;
}
