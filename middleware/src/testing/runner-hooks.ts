// Ties capturing to the life of a test file where the test runner has its hooks as globals (Jest; Vitest with `globals`).

type Hook = (work: () => void | Promise<void>) => void;

interface RunnerGlobals {
  readonly afterEach?: unknown;
  readonly afterAll?: unknown;
}

export interface RunnerHooks {
  readonly afterEach: () => void;
  readonly afterAll: () => Promise<void>;
}

/** Does nothing where there are no such globals. */
export function registerHooks(hooks: RunnerHooks): void {
  const { afterEach, afterAll } = globalThis as RunnerGlobals;
  if (typeof afterEach !== 'function' || typeof afterAll !== 'function') return;
  (afterEach as Hook)(hooks.afterEach);
  (afterAll as Hook)(hooks.afterAll);
}
