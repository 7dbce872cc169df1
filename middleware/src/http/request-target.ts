// Reads the target of a request line, in each of the forms that RFC 9112, section 3.2 allows.

import { redactUrl } from './redact-url.ts';

/** The path of a target, and its query without the `?`. */
export function splitTarget(target: string): { path: string; query: string } {
  const local = target.startsWith('/') ? target : withoutOrigin(target);
  const queryStart = local.indexOf('?');
  return queryStart === -1
    ? { path: local, query: '' }
    : { path: local.slice(0, queryStart), query: local.slice(queryStart + 1) };
}

/** Absolute form (as proxies get it) has an origin before the path; `*` and anything else stays as it is. */
function withoutOrigin(target: string): string {
  const parsed = URL.parse(target);
  return parsed === null || parsed.origin === 'null' ? redactUrl(target) : parsed.pathname + parsed.search;
}
