// GET /readyz: whether a service and what it needs can take a request now. Asking also warms the way a request goes.
import type { Express } from 'express';
import { Problem } from './problem.ts';

/** Checks by name; each rejects or throws when what it stands for is not there. */
export type ReadinessChecks = Readonly<Record<string, () => unknown>>;

/** Answers 200 when every check passes, else a 503 `not-ready` Problem that names those that failed. */
export function addReadiness(app: Express, checks: ReadinessChecks): void {
  app.get('/readyz', async (_req, res) => {
    const names = Object.keys(checks);
    const results = await Promise.allSettled(Object.values(checks).map(async (check) => check()));
    const failures = results.flatMap((result, index) =>
      result.status === 'rejected' ? [`${names[index]}: ${describe(result.reason)}`] : [],
    );
    if (failures.length > 0) throw notReady(failures);
    res.json({ status: 'ready', checks: names });
  });
}

function describe(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}

function notReady(failures: readonly string[]): Problem {
  return new Problem({
    status: 503,
    code: 'not-ready',
    title: 'The service is not ready',
    detail: failures.join('; '),
    headers: { 'retry-after': '1' },
  });
}
