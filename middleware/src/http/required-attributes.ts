// Marks SERVER spans that end without an attribute that their route must have.

import { type IncomingMessage, METHODS, type ServerResponse } from 'node:http';
import type { Attributes, Span } from '@opentelemetry/api';
import { type Check, nearest } from '../options/parse-options.ts';
import { sayOnce } from '../shared/say.ts';
import { sharedState } from '../shared/state.ts';

/** Names of attributes for every route, or by route: `'POST /api/checkout'`, or `'/api/checkout'` for every method. */
export type Require = readonly string[] | Readonly<Record<string, readonly string[]>>;

/** What one `tracing()` asks for. */
export interface Requirement {
  readonly require: Require;
  /** Count what is missing in `stats().missingAttributes`. */
  readonly isStrict: boolean;
}

const REQUIRED: unique symbol = Symbol.for('@longpole/express/required');

type Demanding = IncomingMessage & { [REQUIRED]?: Requirement[] };

/** Has the request's SERVER span checked when it ends. */
export function demandAttributes(request: Demanding, requirement: Requirement): void {
  request[REQUIRED] ??= [];
  if (!request[REQUIRED].includes(requirement)) request[REQUIRED].push(requirement);
}

/**
 * Puts the names of what is missing on the span (`longpole.missing_attributes`). Only asked of requests that came to
 * a route and were answered with a status below 400: who is refused has no user, and what is not found no order.
 */
export function checkRequired(
  span: Span,
  request: Demanding,
  response: ServerResponse,
  route: string | undefined,
): void {
  const requirements = request[REQUIRED];
  if (requirements === undefined || !response.headersSent || response.statusCode >= 400) return;
  const { attributes } = span as { attributes?: Attributes };
  if (attributes === undefined || route === undefined) return;
  const place = `${request.method} ${route}`;
  const missing = new Set<string>();
  const missingStrictly: string[] = [];
  for (const { require, isStrict } of requirements) {
    for (const name of namesFor(require, place, route)) {
      if (attributes[name] !== undefined || missing.has(name)) continue;
      missing.add(name);
      if (isStrict) missingStrictly.push(name);
      tell(place, name, isStrict);
    }
  }
  if (missing.size > 0) span.setAttribute('longpole.missing_attributes', [...missing]);
  if (missingStrictly.length > 0) sharedState().watcher?.lacks(span.spanContext(), place, missingStrictly);
}

function namesFor(require: Require, place: string, route: string): readonly string[] {
  if (isList(require)) return require;
  return [...(require[place] ?? []), ...(require[route] ?? [])];
}

function tell(place: string, name: string, isStrict: boolean): void {
  const { missing } = sharedState();
  if (isStrict) missing.set(name, (missing.get(name) ?? 0) + 1);
  if (process.env['NODE_ENV'] !== 'production') sayOnce(`longpole: ${place} ended without ${name}`);
}

const isList = (require: Require): require is readonly string[] => Array.isArray(require);

/** A value of the option `require`. */
export const isRequire: Check = (value) => {
  if (typeof value === 'string') return `${EXPECTED}. Did you mean ['${value}']?`;
  if (Array.isArray(value)) return namesComplaint(value);
  if (typeof value !== 'object' || value === null) return EXPECTED;
  return Object.entries(value)
    .map(([route, names]) => routeComplaint(route) ?? namesComplaint(names, `for '${route}' `))
    .find((complaint) => complaint !== undefined);
};

const EXPECTED = 'expected an array of attribute names, or an object of such arrays by route';

function namesComplaint(names: unknown, where = ''): string | undefined {
  if (typeof names === 'string')
    return `expected ${where}an array of attribute names. Did you mean ['${names}']?`;
  const isFine =
    Array.isArray(names) && names.every((name) => typeof name === 'string' && name.trim() !== '');
  return isFine ? undefined : `expected ${where}an array of attribute names`;
}

function routeComplaint(route: string): string | undefined {
  const [, method = '', path = ''] = /^(?:([^\s/]+)\s+)?(.*)$/.exec(route.trim()) ?? [];
  const meant = method === '' ? '' : `${nearest(method, METHODS) ?? 'GET'} `;
  const template = path.startsWith('/') ? path : `/${path}`;
  return route === meant + template
    ? undefined
    : `'${route}' is no route: a route is a template as in http.route, with or without a method. Did you mean '${meant}${template}'?`;
}
