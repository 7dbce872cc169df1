// A service's log: a line of JSON for each thing that happened, with the ids of the trace it happened in.
import { AsyncResource } from 'node:async_hooks';
import { traceMixin } from '@longpole/express/logging';
import type { Request, RequestHandler } from 'express';
import { type Logger, multistream, pino } from 'pino';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

interface Streams {
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream;
}

/** Errors go to standard error, all else to standard output. JSON keeps what a request says within its line. */
export function createLog(service: string, level: LogLevel, streams: Streams = standardStreams()): Log {
  const destinations = multistream(
    [
      { level: 'trace', stream: streams.out },
      { level: 'error', stream: streams.err },
    ],
    { dedupe: true },
  );
  return pino({ name: service, level, mixin: traceMixin() }, destinations);
}

function standardStreams(): Streams {
  return { out: process.stdout, err: process.stderr };
}

const PROBES = new Set(['/healthz', '/readyz']);

/** Middleware that writes a line at the end of each request; of probes only at level `debug`. */
export function logRequests(log: Log): RequestHandler {
  return function requestLog(req, res, next) {
    const startedAt = performance.now();
    const write = (): void => {
      const line = {
        method: req.method,
        ...pathOf(req),
        status: res.statusCode,
        duration_ms: Math.round((performance.now() - startedAt) * 10) / 10,
        ...(res.writableFinished ? {} : { cut_off: true }),
      };
      log[levelOf(req, res.statusCode)](line, 'request');
    };
    // The connection closes outside of the request's context.
    res.once('close', AsyncResource.bind(write));
    next();
  };
}

/** The route's template, which many requests share; the path itself where there is no route. */
function pathOf(req: Request): { route: string } | { path: string } {
  const route: unknown = req.route?.path;
  return typeof route === 'string' ? { route: `${req.baseUrl}${route}` } : { path: req.path };
}

function levelOf(req: Request, status: number): 'debug' | 'info' | 'warn' {
  if (PROBES.has(req.path)) return 'debug';
  return status >= 500 ? 'warn' : 'info';
}
