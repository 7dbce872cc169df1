// Where a web framework without a diagnostics channel can be asked for a request's route when it has ended.

import type { IncomingMessage } from 'node:http';

type RouteFinder = (request: IncomingMessage) => string | undefined;

let finder: RouteFinder | undefined;

/** Sets who is asked for the routes that no channel told; `undefined` takes it back. */
export function setRouteFallback(find: RouteFinder | undefined): void {
  finder = find;
}

/** The route template of an ended request that no channel told of. */
export function fallbackRoute(request: IncomingMessage): string | undefined {
  return finder?.(request);
}
