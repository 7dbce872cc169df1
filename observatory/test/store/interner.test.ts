// Names under small numbers: the same for the same value, given back when nothing uses them.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Interner } from '../../src/store/interner.ts';

function interner(rows: Map<number, string>): Interner<string> {
  return new Interner<string>({
    keyOf: (value) => value,
    insert: (id, value) => {
      expect(rows.has(id)).toBe(false);
      rows.set(id, value);
    },
    remove: (id) => {
      expect(rows.delete(id)).toBe(true);
    },
  });
}

describe('an interner', () => {
  it('has the values that are used, each under one number, in its rows too', () => {
    const step = fc.record({
      value: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      isUse: fc.boolean(),
      isDrop: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const rows = new Map<number, string>();
        const names = interner(rows);
        const uses = new Map<string, number>();
        for (const { value, isUse, isDrop } of steps) {
          const used = uses.get(value) ?? 0;
          if (isUse) {
            names.use(names.intern(value).id);
            uses.set(value, used + 1);
          } else if (used > 0) {
            names.release(names.find(value)?.id ?? 0);
            uses.set(value, used - 1);
          }
          if (!isDrop) continue;
          names.dropUnused();
          const expected = [...uses].filter(([, count]) => count > 0).map(([one]) => one);
          expect([...names.values()].map((entry) => entry.value).sort()).toEqual(expected.sort());
          expect([...rows.values()].sort()).toEqual(expected);
          for (const one of expected) expect(names.get(names.find(one)?.id ?? 0)?.value).toBe(one);
        }
        for (const [value, count] of uses) {
          for (let i = 0; i < count; i++) names.release(names.find(value)?.id ?? 0);
        }
        names.dropUnused();
        expect([names.bytes, rows.size]).toEqual([0, 0]);
      }),
    );
  });

  it('gives the numbers of forgotten values to new ones', () => {
    const names = interner(new Map());
    const { id } = names.intern('old');
    names.intern('kept');
    names.use(names.find('kept')?.id ?? 0);
    names.dropUnused();
    expect(names.get(id)).toBeUndefined();
    expect(names.intern('new').id).toBe(id);
  });

  it('goes on with the numbers that a file has, those between included', () => {
    const names = interner(new Map());
    names.load(2, 'two');
    names.load(4, 'four');
    names.use(4);
    names.use(2);
    names.dropUnused();
    expect([names.get(2)?.value, names.get(4)?.value]).toEqual(['two', 'four']);
    expect(new Set(['a', 'b', 'c'].map((value) => names.intern(value).id))).toEqual(new Set([1, 3, 5]));
  });
});
