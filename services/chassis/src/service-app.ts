// The Express application around a service's routes: tracing, health, readiness, JSON bodies, faults, problem answers.
import express, { type Express, type RequestHandler } from 'express';
import { answerNotFound, answerProblems } from './answer-problems.ts';
import { rememberArrival } from './do-work.ts';
import type { Faults } from './faults.ts';
import { addFaultsResource } from './faults-resource.ts';
import { type Log, logRequests } from './log.ts';
import { readJson } from './read-json.ts';
import { addReadiness, type ReadinessChecks } from './readiness.ts';
import { noisy } from './tracing-mistakes.ts';

export interface ServiceParts {
  readonly service: string;
  readonly faults: Faults;
  /** Whether /faults may be used. Defaults to false. */
  readonly faultsEnabled?: boolean;
  /** What /readyz looks at. Defaults to nothing. */
  readonly readiness?: ReadinessChecks;
  /** The tracing middleware. Left out, the service runs untraced. */
  readonly tracing?: RequestHandler;
  /** Gets a line for each request. Left out, the service logs nothing. */
  readonly log?: Log;
  /** Hears of errors nobody expected. Defaults to a line in the log. */
  readonly reportError?: (error: unknown) => void;
}

export function createServiceApp(parts: ServiceParts, addRoutes: (app: Express) => void): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(rememberArrival(parts.faults));
  if (parts.tracing) app.use(parts.tracing);
  if (parts.log) app.use(logRequests(parts.log));
  app.get('/healthz', (_req, res) => {
    res.json({ status: 'ok', service: parts.service });
  });
  addReadiness(app, parts.readiness ?? {});
  app.use(readJson.map((handler) => noisy(parts.faults, handler)));
  addFaultsResource(app, parts.faults, parts.faultsEnabled ?? false);
  addRoutes(app);
  app.use(answerNotFound);
  const toLog = (error: unknown): void => parts.log?.error({ err: error }, 'unexpected error');
  app.use(answerProblems(parts.reportError ?? toLog));
  return app;
}
