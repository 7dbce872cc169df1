// Which incoming requests get no span: health checks by default, and what the user names.

import type { IncomingMessage } from 'node:http';

/** A path (exact, without query), a pattern tried on the path, or a predicate on the request. */
export type IgnoreRule = string | RegExp | ((request: IncomingMessage) => boolean);

/** Paths that probes ask for every few seconds. */
export const HEALTH_CHECKS: readonly string[] = [
  '/health',
  '/healthz',
  '/livez',
  '/readyz',
  '/ready',
  '/ping',
  '/favicon.ico',
];

/** Whether one of the rules holds for the request. */
export function isIgnored(request: IncomingMessage, rules: readonly IgnoreRule[]): boolean {
  if (rules.length === 0) return false;
  const url = request.url ?? '/';
  const queryStart = url.indexOf('?');
  const path = queryStart === -1 ? url : url.slice(0, queryStart);
  return rules.some((rule) => {
    if (typeof rule === 'string') return rule === path;
    return rule instanceof RegExp
      ? new RegExp(rule.source, rule.flags.replace(/[gy]/g, '')).test(path)
      : rule(request);
  });
}
