// A lean context keeps values as the API's own context does, however long the chain.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { type Context, createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';
import fc from 'fast-check';
import { LEAN_ROOT, leanOf } from '../../src/shared/lean-context.ts';

const KEYS = Array.from({ length: 40 }, (_unused, i) => createContextKey(`key ${i}`));
const changes = fc.array(
  fc.record({ key: fc.nat(KEYS.length - 1), value: fc.option(fc.integer(), { nil: undefined, freq: 4 }) }),
  { maxLength: 200 },
);

function changed(context: Context, key: number, value: number | undefined): Context {
  const symbol = KEYS[key] as symbol;
  return value === undefined ? context.deleteValue(symbol) : context.setValue(symbol, value);
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const valuesOf = (context: Context): unknown[] => KEYS.map((key) => context.getValue(key));

describe('a lean context', () => {
  it('has the values that the API’s own context has, at every step', () => {
    fc.assert(
      fc.property(changes, (all) => {
        let lean = LEAN_ROOT;
        let plain = ROOT_CONTEXT;
        for (const { key, value } of all) {
          const before = lean;
          const values = valuesOf(before);
          lean = changed(lean, key, value);
          plain = changed(plain, key, value);
          expect(valuesOf(lean)).toEqual(valuesOf(plain));
          expect(valuesOf(before)).toEqual(values);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('holds no value that was replaced long ago', async () => {
    let context = LEAN_ROOT;
    const first = new WeakRef({ of: 'long ago' });
    context = context.setValue(KEYS[0] as symbol, first.deref());
    for (let i = 0; i < 100; i++) context = changed(context, i % 3, i);
    // A WeakRef holds on to what it refers to until the end of the tick.
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    expect(first.deref()).toBeUndefined();
    expect(valuesOf(context).slice(0, 3)).toEqual([99, 97, 98]);
  });

  it('takes the place of the root, and of no other context', () => {
    const other = ROOT_CONTEXT.setValue(KEYS[0] as symbol, 1);
    expect(leanOf(ROOT_CONTEXT)).toBe(LEAN_ROOT);
    expect(leanOf(other)).toBe(other);
  });
});
