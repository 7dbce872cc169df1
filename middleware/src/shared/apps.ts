// Finds the application that a request is for, where several of one process use tracing() with options of their own.

import type { IncomingMessage, Server } from 'node:http';
import { reportFault } from './guard.ts';
import { sharedState } from './state.ts';

/** Stands for one `tracing()`. */
export type AppToken = object;

const TOKEN: unique symbol = Symbol.for('@longpole/express/app');

interface Layer {
  readonly handle?: {
    readonly [TOKEN]?: AppToken;
    readonly stack?: readonly Layer[];
    readonly name?: string;
  };
}

/** What an Express application is, as far as it matters here. */
interface ExpressApp {
  readonly _router?: { readonly stack?: readonly Layer[] };
  /** Express 5; in Express 4 it throws, but `_router` is asked first. */
  readonly router?: { readonly stack?: readonly Layer[] };
}

/** Makes the token of a `tracing()`; `markApp` puts it on the middleware. */
export function newApp(): AppToken {
  sharedState().apps += 1;
  return {};
}

export function markApp<M extends object>(middleware: M, app: AppToken): M {
  return Object.assign(middleware, { [TOKEN]: app });
}

/**
 * The `tracing()`s of the Express application that the request's server calls, known before it is called. `undefined`
 * where there is one `tracing()` only, where the server calls something else, and where other applications are mounted
 * in the application, into which nobody can look.
 */
export function appsOf(request: IncomingMessage): readonly AppToken[] | undefined {
  if (sharedState().apps < 2) return undefined;
  try {
    const { server } = request.socket as { server?: Server };
    return server
      ?.listeners('request')
      .map(tokensOf)
      .find((tokens) => tokens !== undefined);
  } catch (fault) {
    reportFault('finding the application of a request', fault);
    return undefined;
  }
}

/** Routers inside routers; a router that contains itself must not be followed for ever. */
const MAX_DEPTH = 32;

const found = new WeakMap<object, readonly AppToken[]>();

function tokensOf(listener: object): readonly AppToken[] | undefined {
  const known = found.get(listener);
  if (known !== undefined) return known;
  const { _router = (listener as ExpressApp).router } = listener as ExpressApp;
  const tokens = tokensIn(_router?.stack ?? []);
  if (tokens.length === 0 || tokens.includes(undefined)) return undefined;
  const apps = tokens.filter((token) => token !== undefined);
  found.set(listener, apps);
  return apps;
}

/** `undefined` stands for a mounted application. */
function tokensIn(stack: readonly Layer[], depth = 0): (AppToken | undefined)[] {
  if (depth > MAX_DEPTH) return [];
  return stack.flatMap(({ handle }) => {
    if (handle?.name === 'mounted_app') return [undefined];
    if (handle?.[TOKEN] !== undefined) return [handle[TOKEN]];
    return tokensIn(handle?.stack ?? [], depth + 1);
  });
}
