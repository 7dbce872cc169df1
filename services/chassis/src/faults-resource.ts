// GET, PUT and DELETE /faults: reads and sets a service's faults at run time, when FAULTS=on allows it.
import type { Express, RequestHandler } from 'express';
import { z } from 'zod';
import { allowOnly } from './allow-only.ts';
import { checkInput } from './check-input.ts';
import type { FaultState, Faults } from './faults.ts';
import { mistakesOf, ownerOf, serviceFaultsOf } from './mistakes.ts';
import { Problem } from './problem.ts';

const MAX_LATENCY_MS = 600_000;

function faultsInput(service: string): z.ZodType<Partial<FaultState>> {
  return z
    .strictObject({
      latencyMs: z.number().min(0).max(MAX_LATENCY_MS),
      extraLatencyMs: z.number().min(0).max(MAX_LATENCY_MS),
      failureRate: z.number().min(0).max(1),
      hang: z.boolean(),
      mistake: nameFrom(mistakesOf(service), service).nullable(),
      fault: nameFrom(serviceFaultsOf(service), service).nullable(),
    })
    .partial() as z.ZodType<Partial<FaultState>>;
}

function nameFrom(names: readonly string[], service: string): z.ZodType<string> {
  return z.string().refine((name) => names.includes(name), {
    error: ({ input }) => {
      const known = names.length === 0 ? 'null' : names.join(', ');
      const owner = ownerOf(String(input));
      return `${service} knows ${known}${owner === undefined ? '' : `; ${input} is set on ${owner}`}`;
    },
  });
}

/** Adds the resource to `app`. Every method answers 403 unless `isEnabled`. */
export function addFaultsResource(app: Express, faults: Faults, isEnabled: boolean): void {
  const input = faultsInput(faults.service);
  app
    .route('/faults')
    .all(isEnabled ? (_req, _res, next) => next() : refuse)
    .get((_req, res) => {
      res.json(faults.state);
    })
    .put((req, res) => {
      res.json(faults.replace(checkInput(input, req.body)));
    })
    .delete((_req, res) => {
      res.json(faults.replace({}));
    })
    .all(allowOnly('GET', 'PUT', 'DELETE'));
}

const refuse: RequestHandler = function faultsAreOff(_req, _res, next) {
  next(
    new Problem({
      status: 403,
      code: 'faults-off',
      title: 'Faults are switched off',
      detail: 'Start the service with FAULTS=on to set its latency and faults at run time.',
    }),
  );
};
