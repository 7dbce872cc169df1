// Which incoming requests get no span: health checks and static files by default, and what the user names.

import type { IncomingMessage } from 'node:http';
import type { Check } from '../options/parse-options.ts';
import { type AppToken, appsOf } from '../shared/apps.ts';
import { reportFault } from '../shared/guard.ts';
import { sharedState } from '../shared/state.ts';
import { pathOf } from './request-target.ts';

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
  if ((method !== 'GET' && method !== 'HEAD') || !url.includes('.')) return false;
  const path = pathOf(url);
  return (ASSET.test(path) && !API.test(path)) || ROOT_FILES.has(path);
}

/** What gets no span when nothing else is said. */
export const DEFAULT_IGNORE: readonly IgnoreRule[] = [...HEALTH_CHECKS, isStaticFile];

const HEALTH_PATHS: ReadonlySet<string> = new Set(HEALTH_CHECKS);
const LONGEST_HEALTH_PATH = Math.max(...HEALTH_CHECKS.map((path) => path.length));

/** Most paths are too long, which is seen without cutting them out of their targets. */
function mayBeHealthCheck(target: string): boolean {
  if (!target.startsWith('/')) return true;
  const end = target.indexOf('?');
  return (end === -1 ? target.length : end) <= LONGEST_HEALTH_PATH;
}

/** `isIgnored()` by `DEFAULT_IGNORE`, which every request is asked. */
function isIgnoredByDefault(request: IncomingMessage): boolean {
  const { url = '/' } = request;
  return (mayBeHealthCheck(url) && HEALTH_PATHS.has(pathOf(url))) || isStaticFile(request);
}

export const isIgnoreRule: Check = (value) =>
  typeof value === 'function' || value instanceof RegExp || isPath(value)
    ? undefined
    : 'expected paths that begin with /, regular expressions and functions';

/** Anything else can never be the path of a request. */
function isPath(value: unknown): boolean {
  return typeof value === 'string' && (value.startsWith('/') || value === '*');
}

/** What one `tracing()` says. */
export interface AppIgnore {
  readonly app: AppToken;
  readonly rules: readonly IgnoreRule[];
  /** Whether `DEFAULT_IGNORE` holds for the application; `undefined` where it does not say. */
  readonly defaults: boolean | undefined;
}

/** Has requests of the application ignored; where it cannot be told whose a request is, all requests. */
export function ignoreInApp(app: AppToken, rules: readonly IgnoreRule[] = [], defaults?: boolean): void {
  const state = sharedState();
  if (rules.length === 0 && defaults === undefined) return;
  state.appIgnore = [...state.appIgnore, { app, rules, defaults }];
}

/**
 * Whether the rules of `startTracing()`, those of the application that the request is for, or the defaults hold for it:
 * `instead`, or else `DEFAULT_IGNORE`, unless somebody has said `ignoreDefaults: false`.
 */
export function isIgnoredHere(request: IncomingMessage, instead?: readonly IgnoreRule[]): boolean {
  const { ignore, appIgnore } = sharedState();
  if (isIgnored(request, ignore)) return true;
  const ofApps = appIgnore.length === 0 ? appIgnore : entriesFor(request, appIgnore);
  if (
    instead !== undefined ? isIgnored(request, instead) : areDefaultsOn(ofApps) && isIgnoredByDefault(request)
  )
    return true;
  return ofApps.length > 0 && ofApps.some(({ rules }) => isIgnored(request, rules));
}

function entriesFor(request: IncomingMessage, entries: readonly AppIgnore[]): readonly AppIgnore[] {
  const apps = appsOf(request);
  return apps === undefined ? entries : entries.filter(({ app }) => apps.includes(app));
}

/** What applications say goes before what `startTracing()` says; where they do not agree there are spans. */
function areDefaultsOn(ofApps: readonly AppIgnore[]): boolean {
  if (ofApps.length === 0) return sharedState().ignoreDefaults;
  const said = ofApps.filter(({ defaults }) => defaults !== undefined);
  return said.length === 0 ? sharedState().ignoreDefaults : said.every(({ defaults }) => defaults);
}

/** Whether one of the rules holds for the request. A predicate that throws is reported and does not hold. */
export function isIgnored(request: IncomingMessage, rules: readonly IgnoreRule[]): boolean {
  if (rules.length === 0) return false;
  const path = pathOf(request.url ?? '/');
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
