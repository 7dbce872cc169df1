// Tells which calls follow a redirect: nothing but the answer before them says so.

import { type Context, trace } from '@opentelemetry/api';

/** A call that is expected because a redirect leads to it. */
interface Hop {
  readonly url: string;
  readonly resendCount: number;
}

export interface Redirect {
  /** The context that the redirected call was made in, which is that of the call that follows. */
  readonly parent: Context;
  readonly url: string;
  readonly resendCount: number;
  readonly status: number;
  readonly location: string | undefined;
}

/** A call that may be the one that a redirect leads to; where it goes is asked for only where one is expected. */
interface Redirected {
  readonly target: { readonly url: string };
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Redirects of one context that nobody has followed so far; more are not remembered. */
const MOST = 16;

const expected = new WeakMap<Context, Hop[]>();
/** Whether there has ever been a redirect, so that others need not be asked for. */
let hasRedirects = false;

export const isRedirect = (status: number): boolean => REDIRECTS.has(status);

/** Remembers where a redirect leads to, for as long as the context it happened in lasts. Only inside of a trace. */
export function expectHop({ parent, url, resendCount, status, location }: Redirect): void {
  if (location === undefined || !isRedirect(status) || trace.getSpan(parent) === undefined) return;
  const target = plain(location, url);
  const hops = expected.get(parent) ?? [];
  if (target === undefined || hops.length >= MOST) return;
  hasRedirects = true;
  hops.push({ url: target, resendCount: resendCount + 1 });
  expected.set(parent, hops);
}

/** `http.request.resend_count` of a call that goes where a redirect in its context has led; once for each redirect. */
export function takeHop(parent: Context, call: Redirected): number | undefined {
  const hops = hasRedirects ? expected.get(parent) : undefined;
  if (hops === undefined) return undefined;
  const target = plain(call.target.url);
  const index = hops.findIndex((hop) => hop.url === target);
  const [hop] = index < 0 ? [] : hops.splice(index, 1);
  if (hops.length === 0) expected.delete(parent);
  return hop?.resendCount;
}

/** As it is sent: without fragment and credentials. */
function plain(url: string, base?: string): string | undefined {
  const parsed = URL.parse(url, base);
  return parsed === null ? undefined : parsed.origin + parsed.pathname + parsed.search;
}
