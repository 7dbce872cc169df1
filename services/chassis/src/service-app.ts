// The Express application around a service's routes: tracing, health, readiness, JSON bodies, faults, problem answers.
import express, { type Express, type RequestHandler } from 'express';
import { answerNotFound, answerProblems } from './answer-problems.ts';
import { rememberArrival } from './do-work.ts';
import type { Faults } from './faults.ts';
import { addFaultsResource } from './faults-resource.ts';
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
  /** Hears of errors nobody expected. Defaults to one line on stderr with the stack. */
  readonly reportError?: (error: unknown) => void;
}

export function createServiceApp(parts: ServiceParts, addRoutes: (app: Express) => void): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(rememberArrival(parts.faults));
  if (parts.tracing) app.use(parts.tracing);
  app.get('/healthz', (_req, res) => {
    res.json({ status: 'ok', service: parts.service });
  });
  addReadiness(app, parts.readiness ?? {});
  app.use(readJson.map((handler) => noisy(parts.faults, handler)));
  addFaultsResource(app, parts.faults, parts.faultsEnabled ?? false);
  addRoutes(app);
  app.use(answerNotFound);
  app.use(answerProblems(parts.reportError ?? ((error) => console.error(`${parts.service}:`, error))));
  return app;
}
