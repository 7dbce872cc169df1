// Finds the `expect` of the test runner this file runs in.

import { loadPackage } from '../../shared/load-package.ts';

interface SnapshotAssertion {
  toMatchSnapshot(hint?: string): void;
  /** Vitest's. */
  withTest?(task: object): SnapshotAssertion;
}

/** What is used of `expect` of Jest and Vitest. */
export interface RunnerExpect {
  (actual: unknown): SnapshotAssertion;
  extend(matchers: object): void;
  addSnapshotSerializer?(serializer: object): void;
  getState(): { readonly suppressedErrors?: unknown[] };
}

/** Where Vitest keeps its `expect`, whether its globals are on or not. */
const VITEST = Symbol.for('expect-global');

/** The global one, that of `@jest/globals`, that of Vitest; `undefined` elsewhere, as in node:test. */
export function findExpect(): RunnerExpect | undefined {
  const globals = globalThis as { readonly expect?: unknown; readonly [VITEST]?: unknown };
  const known = [globals.expect, globals[VITEST]].find(isExpect);
  if (known !== undefined) return known;
  const ofJest = jestExpect();
  return isExpect(ofJest) ? ofJest : undefined;
}

/** Jest gives `@jest/globals` to every file that asks for it, installed or not. Outside of Jest it cannot be loaded. */
function jestExpect(): unknown {
  if (process.env['JEST_WORKER_ID'] === undefined) return undefined;
  try {
    return loadPackage<{ readonly expect: unknown }>('@jest/globals').expect;
  } catch {
    return undefined;
  }
}

function isExpect(value: unknown): value is RunnerExpect {
  return typeof value === 'function' && typeof (value as Partial<RunnerExpect>).extend === 'function';
}
