// Which incoming requests get no span: health checks and static files by default, and what the user names.

import type { IncomingMessage } from 'node:http';
import type { Check } from '../options/parse-options.ts';
import { type AppToken, appsOf } from '../shared/apps.ts';
import { reportFault } from '../shared/guard.ts';
import { sharedState } from '../shared/state.ts';
import { splitTarget } from './request-target.ts';

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
];

/** Styles, scripts, images and fonts: what a page loads, by its extension. Documents and data may be an API's answer. */
const ASSET = /\.(?:css|m?js|map|wasm|png|jpe?g|gif|svg|webp|avif|ico|woff2?|ttf|otf|eot|webmanifest)$/i;

/** Files at the root that browsers and crawlers ask for on their own. */
const ROOT_FILES: ReadonlySet<string> = new Set(['/robots.txt', '/manifest.json']);

/** Below a segment `api` a path names a resource, whatever it ends in. */
const API = /\/api\//i;

/** Whether a request reads an asset of a page: GET or HEAD, and a path like `/app.css`, but not one below `/api/`. */
export function isStaticFile({ method, url = '/' }: IncomingMessage): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  const { path } = splitTarget(url);
  return (ASSET.test(path) && !API.test(path)) || ROOT_FILES.has(path);
}

/** What gets no span when nothing else is said. */
export const DEFAULT_IGNORE: readonly IgnoreRule[] = [...HEALTH_CHECKS, isStaticFile];

/** `DEFAULT_IGNORE`, or nothing where the application has said `ignoreDefaults: false`. */
export function defaultRules(): readonly IgnoreRule[] {
  return sharedState().ignoreDefaults === false ? [] : DEFAULT_IGNORE;
}

export const isIgnoreRule: Check = (value) =>
  typeof value === 'function' || value instanceof RegExp || isPath(value)
    ? undefined
    : 'expected paths that begin with /, regular expressions and functions';

/** Anything else can never be the path of a request. */
function isPath(value: unknown): boolean {
  return typeof value === 'string' && (value.startsWith('/') || value === '*');
}

/** The rules of one `tracing()`. */
export interface AppIgnore {
  readonly app: AppToken;
  readonly rules: readonly IgnoreRule[];
}

/** Has requests of the application ignored; where it cannot be told whose a request is, all requests. */
export function ignoreInApp(app: AppToken, rules: readonly IgnoreRule[] = []): void {
  const state = sharedState();
  if (rules.length > 0) state.appIgnore = [...state.appIgnore, { app, rules }];
}

/** Whether the rules of `startTracing()`, or of the application that the request is for, hold for it. */
export function isIgnoredHere(request: IncomingMessage): boolean {
  const { ignore, appIgnore } = sharedState();
  if (isIgnored(request, ignore)) return true;
  if (appIgnore.length === 0) return false;
  const apps = appsOf(request);
  return appIgnore.some(({ app, rules }) => apps?.includes(app) !== false && isIgnored(request, rules));
}

/** Whether one of the rules holds for the request. A predicate that throws is reported and does not hold. */
export function isIgnored(request: IncomingMessage, rules: readonly IgnoreRule[]): boolean {
  if (rules.length === 0) return false;
  const { path } = splitTarget(request.url ?? '/');
  return rules.some((rule) => {
    if (typeof rule === 'string') return rule === path;
    return typeof rule === 'function' ? holds(rule, request) : matches(rule, path);
  });
}

/** With `g` or `y` a pattern starts where its last match ended, which is of another request. */
function matches(pattern: RegExp, path: string): boolean {
  return pattern.global || pattern.sticky
    ? new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')).test(path)
    : pattern.test(path);
}

function holds(predicate: (request: IncomingMessage) => boolean, request: IncomingMessage): boolean {
  try {
    return predicate(request);
  } catch (error) {
    reportFault('asking an ignore rule', error);
    return false;
  }
}
