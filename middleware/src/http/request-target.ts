// Reads the target of a request line, in each of the forms that RFC 9112, section 3.2 allows.

import { redactUrl } from './redact-url.ts';

export interface RequestTarget {
  readonly path: string;
  /** Without the `?`. */
  readonly query: string;
  /** `host[:port]` of a target in absolute form, as proxies get it; it counts more than the Host header. */
  readonly host: string | undefined;
}

const SLASH = '/'.charCodeAt(0);

/** The path of a target, without its query. */
export function pathOf(target: string): string {
  if (target.charCodeAt(0) !== SLASH) return splitTarget(target).path;
  const end = target.indexOf('?');
  return end === -1 ? target : target.slice(0, end);
}

/** Takes a target apart; `*` and whatever is no URL is all path. */
export function splitTarget(target: string): RequestTarget {
  if (target.startsWith('/')) return { ...splitQuery(target), host: undefined };
  const parsed = URL.parse(target);
  if (parsed === null || parsed.origin === 'null')
    return { ...splitQuery(redactUrl(target)), host: undefined };
  return { ...splitQuery(parsed.pathname + parsed.search), host: parsed.host };
}

function splitQuery(local: string): { path: string; query: string } {
  const start = local.indexOf('?');
  return start === -1
    ? { path: local, query: '' }
    : { path: local.slice(0, start), query: local.slice(start + 1) };
}
