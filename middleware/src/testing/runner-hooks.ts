// Ties capturing to the life of a test file: in Jest always, in Vitest where its hooks are globals.

import { LongpoleError } from '../shared/errors.ts';
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

/**
 * Jest takes no hooks once the first test or hook has begun, and blames the test for those it is given.
 *
 * @throws LongpoleError `ERR_LONGPOLE_CAPTURE_CONFLICT`
 */
export function refuseWithinTests(): void {
  if (jestState()?.hasStarted !== true) return;
  throw new LongpoleError(
    'ERR_LONGPOLE_CAPTURE_CONFLICT',
    'captureTraces() cannot begin: it was called in a test or a hook, where Jest lets nothing end it after the last test. Call it once at the top of the test file, and traces.clear() between tests; or captureTraces({ hooks: false }), and await traces.stop() yourself.',
  );
}

/** What jest-circus, the runner of Jest, keeps among the globals of a test file. */
function jestState(): { readonly hasStarted?: boolean } | undefined {
  const globals = globalThis as unknown as Record<symbol, object | undefined>;
  const key = Object.getOwnPropertySymbols(globals).find(
    ({ description }) => description === 'JEST_STATE_SYMBOL',
  );
  return key === undefined ? undefined : globals[key];
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
