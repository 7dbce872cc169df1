// The work of one request: from when it came in until the service's latency has passed.
import type { RequestHandler, Response } from 'express';
import { callerGone } from './caller-gone.ts';
import type { Faults } from './faults.ts';

/** Middleware for the top of an application: remembers when each request came in. */
export function rememberArrival(faults: Faults): RequestHandler {
  return function arrival(_req, res, next) {
    res.locals['arrivedAtMs'] = faults.now();
    next();
  };
}

/**
 * Resolves `latencyMs` after the request came in: what the service itself has taken by now counts. Rejects with an
 * `AbortError` when the caller goes away, with a 503 Problem when a failure was asked for.
 */
export function doWork(faults: Faults, res: Response): Promise<void> {
  const arrivedAtMs: unknown = res.locals['arrivedAtMs'];
  const takenMs = typeof arrivedAtMs === 'number' ? faults.now() - arrivedAtMs : 0;
  return faults.work(callerGone(res), takenMs);
}
