// Ties capturing to the life of a test file: in Jest always, in Vitest where its hooks are globals.

import { loadPackage } from '../shared/load-package.ts';

type Hook = (work: () => void | Promise<void>) => void;

interface RunnerApi {
  readonly afterEach?: unknown;
  readonly afterAll?: unknown;
}

export interface RunnerHooks {
  readonly afterEach: () => void;
  readonly afterAll: () => Promise<void>;
}

/** Does nothing where there are no such hooks to be found, as in node:test. */
export function registerHooks(hooks: RunnerHooks): void {
  const { afterEach, afterAll } = runnerApi();
  if (typeof afterEach !== 'function' || typeof afterAll !== 'function') return;
  (afterEach as Hook)(hooks.afterEach);
  (afterAll as Hook)(hooks.afterAll);
}

/** The globals, or what Jest gives to every file that imports it although `injectGlobals` is off. */
function runnerApi(): RunnerApi {
  const globals = globalThis as RunnerApi;
  const isJest = process.env['JEST_WORKER_ID'] !== undefined && process.env['VITEST'] === undefined;
  if (typeof globals.afterAll === 'function' || !isJest) return globals;
  try {
    return loadPackage<RunnerApi>('@jest/globals');
  } catch {
    return {};
  }
}
