// A context of OpenTelemetry that costs a few words: a value, and the context it was added to.

import { type Context, ROOT_CONTEXT } from '@opentelemetry/api';

/** Chains this long are put together anew, so that looking things up in contexts made of contexts stays cheap. */
const LONGEST_CHAIN = 32;

/**
 * The API's own context copies all its values into a new `Map` with every value that is added, and has three functions
 * of its own. This one is immutable just the same (OpenTelemetry specification, "Context").
 */
class LeanContext implements Context {
  // Declared only: defining fields first, and private ones above all, costs as much as setting them.
  declare private readonly key: symbol;
  declare private readonly value: unknown;
  declare private readonly below: LeanContext | undefined;
  declare private readonly depth: number;

  constructor(key: symbol, value: unknown, below: LeanContext | undefined) {
    this.key = key;
    this.value = value;
    this.below = below;
    this.depth = below === undefined ? 1 : below.depth + 1;
  }

  getValue(key: symbol): unknown {
    let context: LeanContext | undefined = this;
    while (context !== undefined) {
      if (context.key === key) return context.value;
      context = context.below;
    }
    return undefined;
  }

  setValue(key: symbol, value: unknown): Context {
    const below = this.depth < LONGEST_CHAIN ? this : this.#compact();
    return new LeanContext(key, value, below);
  }

  deleteValue(key: symbol): Context {
    return this.setValue(key, undefined);
  }

  /** The same values, each key once. A chain of so many different keys stays as long as it is. */
  #compact(): LeanContext {
    const values = new Map<symbol, unknown>();
    let context: LeanContext | undefined = this;
    while (context !== undefined) {
      if (!values.has(context.key)) values.set(context.key, context.value);
      context = context.below;
    }
    let compact: LeanContext | undefined;
    for (const [key, value] of values) {
      if (value !== undefined) compact = new LeanContext(key, value, compact);
    }
    return compact ?? EMPTY;
  }
}

const NO_KEY = Symbol('nothing');
const EMPTY = new LeanContext(NO_KEY, undefined, undefined);

/** Without values, as `ROOT_CONTEXT` is; all contexts that are made from it are lean ones. */
export const LEAN_ROOT: Context = EMPTY;

/** The root that `context` is instead of, where it is the API's own. */
export function leanOf(context: Context): Context {
  return context === ROOT_CONTEXT ? LEAN_ROOT : context;
}
