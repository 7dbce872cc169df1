// What Express's router publishes on its diagnostics channel (router 2.3, "Tracing" in its README).

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Pattern } from './route.ts';

/** One call of one function of a router's stack; the same object with every event of that call. */
export interface RouterEvent {
  readonly req: IncomingMessage & {
    readonly baseUrl?: string;
    readonly next?: unknown;
    readonly route?: { readonly stack?: readonly unknown[] };
  };
  readonly res: ServerResponse;
  readonly layer: { readonly route?: object };
  readonly handler?: { readonly name?: string; readonly stack?: readonly unknown[] };
  readonly route?: Pattern;
  readonly errorHandler?: boolean;
  readonly param?: string;
  /** Set before the end of a call that has thrown, or whose promise has been rejected. */
  readonly error?: unknown;
  /** Set before the end of a call that has returned no promise, and before the asynchronous end of one that has. */
  readonly result?: unknown;
}

/** Whether the function belongs to a route, not to a router. */
export function isOfRoute({ req, layer }: RouterEvent): boolean {
  return req.route?.stack?.includes(layer) ?? false;
}
