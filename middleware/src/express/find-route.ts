// Finds the route template of an ended request in the routers of an Express that publishes nothing, such as Express 4.

import type { IncomingMessage } from 'node:http';
import { splitTarget } from '../http/request-target.ts';
import { fitsLayer, layerTemplate, type MountLayer, restBelow, withoutState } from './layer-template.ts';
import { joinTemplates, patternText } from './route.ts';

interface Route {
  readonly path?: string | RegExp | readonly (string | RegExp)[];
}

interface Layer extends MountLayer {
  readonly route?: Route;
  readonly handle?: { readonly stack?: readonly Layer[] };
}

interface App {
  readonly parent?: App;
  readonly _router?: { readonly stack?: readonly Layer[] };
  /** Express 5; in Express 4 it throws, but `_router` is asked first. */
  readonly router?: { readonly stack?: readonly Layer[] };
}

interface ExpressRequest extends IncomingMessage {
  readonly app?: App;
  readonly route?: Route;
  readonly originalUrl?: string;
}

/** Routers inside routers; a router that contains itself must not be followed for ever. */
const MAX_DEPTH = 32;

/**
 * The template of the route that Express left on the request, put together from the mount paths of the routers around
 * it. `undefined` when they do not tell: a path of the request itself is never the answer.
 */
export function findRoute(request: IncomingMessage): string | undefined {
  const { app, route, originalUrl, url } = request as ExpressRequest;
  if (app === undefined || route === undefined) return undefined;
  const [outermost, ...apps] = appsFromTheOutside(app);
  const { path } = splitTarget(originalUrl ?? url ?? '/');
  const template = search({ route, apps, depth: 0 }, stackOf(outermost), path);
  return template === '' ? '/' : template;
}

interface Search {
  readonly route: Route;
  /** The mounted applications that the way leads through, from the outside. */
  readonly apps: readonly App[];
  readonly depth: number;
}

function search(wanted: Search, stack: readonly Layer[], path: string): string | undefined {
  if (wanted.depth > MAX_DEPTH) return undefined;
  for (const layer of stack) {
    const isWanted = layer.route === wanted.route && fitsLayer(layer, path);
    const template = isWanted ? routeText(wanted.route, path) : below(wanted, layer, path);
    if (template !== undefined) return template;
  }
  return undefined;
}

/** The template of the route when it is inside what the layer mounts. */
function below(wanted: Search, layer: Layer, path: string): string | undefined {
  const isApp = layer.name === 'mounted_app';
  const stack = isApp ? stackOf(wanted.apps[0]) : (layer.handle?.stack ?? []);
  const rest = stack.length === 0 ? undefined : restBelow(layer, path);
  const mount = rest === undefined ? undefined : layerTemplate(layer);
  if (rest === undefined || mount === undefined) return undefined;
  const apps = isApp ? wanted.apps.slice(1) : wanted.apps;
  const inside = search({ ...wanted, apps, depth: wanted.depth + 1 }, stack, rest);
  return inside === undefined ? undefined : joinTemplates(mount, inside);
}

function stackOf(app: App | undefined): readonly Layer[] {
  if (app === undefined) return [];
  return (app._router ?? app.router)?.stack ?? [];
}

function appsFromTheOutside(app: App): App[] {
  const apps = [app];
  for (let outer = app.parent; outer !== undefined && apps.length < MAX_DEPTH; outer = outer.parent) {
    apps.unshift(outer);
  }
  return apps;
}

/** Of several paths for one route, the first one that the request's path fits. */
function routeText({ path }: Route, actual: string): string | undefined {
  if (typeof path === 'string' || path instanceof RegExp) return patternText(path);
  const fitting = path?.find((each) =>
    each instanceof RegExp ? withoutState(each).test(actual) : fits(each, actual),
  );
  return fitting === undefined ? undefined : patternText(fitting);
}

function fits(pattern: string, path: string): boolean {
  const source = pattern
    .replace(/[.$^|\\[\]{}]/g, '\\$&')
    .replace(/\/:\w+(\([^)]*\))?\?/g, '(?:/[^/]+)?')
    .replace(/:\w+(\([^)]*\))?/g, '[^/]+')
    .replace(/\*/g, '.*');
  try {
    return new RegExp(`^${source}/?$`, 'i').test(path);
  } catch {
    return false;
  }
}
