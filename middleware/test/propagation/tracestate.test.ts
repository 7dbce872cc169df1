// The tracestate header: grammar, repeated keys, empty members, and the limits.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { contextDrops } from '../../src/propagation/index.ts';
import { readTraceState } from '../../src/propagation/trace-state.ts';
import { key, members, nearlyHeader, shortMembers, value } from './arbitraries.ts';

const read = (text: string): string => readTraceState(text, false).serialize();
const many = (count: number, from = 1): string =>
  Array.from({ length: count }, (_, i) => `k${from + i}=v`).join(',');

function dropsDuring(action: () => void): Record<string, number> {
  const before: Record<string, number | undefined> = contextDrops();
  action();
  const after: Record<string, number> = contextDrops();
  return Object.fromEntries(
    Object.entries(after)
      .map(([cause, count]) => [cause, count - (before[cause] ?? 0)] as const)
      .filter(([, count]) => count > 0),
  );
}

describe('reading tracestate', () => {
  it.each([
    ['one member', 'rojo=00f067aa0ba902b7', 'rojo=00f067aa0ba902b7'],
    ['the order of the members', 'b=1,a=2,c=3', 'b=1,a=2,c=3'],
    ['a key that begins with a digit', '1a=x', '1a=x'],
    ['keys of a tenant', 'tenant@vendor=1,a@=2,a@@b=3', 'tenant@vendor=1,a@=2,a@@b=3'],
    ['all characters of keys', 'a_-*/@z09=1', 'a_-*/@z09=1'],
    ['a key of 256 characters', `${'z'.repeat(256)}=1`, `${'z'.repeat(256)}=1`],
    ['a value of 256 characters', `a=${'v'.repeat(256)}`, `a=${'v'.repeat(256)}`],
    ['spaces at the start of a value', 'a=  x', 'a=  x'],
    ['spaces inside a value', 'a=x y', 'a=x y'],
    ['32 members', many(32), many(32)],
  ])('keeps %s', (_what, header, expected) => {
    expect(read(header)).toBe(expected);
  });

  it.each([
    ['white space around members', ' \ta=1\t , \t b=2 \t', 'a=1,b=2'],
    ['empty members', ',a=1,, ,\t,b=2,', 'a=1,b=2'],
    ['the later of two members with one key', 'a=1,b=2,a=3', 'a=1,b=2'],
  ])('leaves out %s', (_what, header, expected) => {
    expect(read(header)).toBe(expected);
  });

  it.each([
    ['no equals sign', 'a'],
    ['no key', '=1'],
    ['no value', 'a='],
    ['a value of white space', 'a=  '],
    ['two equals signs', 'a=b=c'],
    ['a key in capitals', 'A=1'],
    ['a key that begins with an at sign', '@a=1'],
    ['a key that begins with an underscore', '_a=1'],
    ['a dot in a key', 'a.b=1'],
    ['a space behind a key', 'a =1'],
    ['a tab inside a value', 'a=x\ty'],
    ['a line break', 'a=1\n'],
    ['a no-break space', '\u00a0a=1'],
    ['a letter beyond ASCII in a value', 'a=\u00e9'],
    ['a letter beyond ASCII in a key', '\u0430=1'],
    ['a key of 257 characters', `${'z'.repeat(257)}=1`],
    ['a value of 257 characters', `a=${'v'.repeat(257)}`],
  ])('drops the whole header for %s', (_what, member) => {
    for (const header of [member, `ok=1,${member}`, `${member},ok=1`]) {
      const drops = dropsDuring(() => expect(read(header)).toBe(''));
      expect(drops).toEqual({ tracestate_invalid: 1 });
    }
  });

  it('drops the whole header for 33 members, though empty ones do not count', () => {
    expect(dropsDuring(() => expect(read(many(33))).toBe(''))).toEqual({ tracestate_too_many_members: 1 });
    expect(dropsDuring(() => expect(read(`${many(20)},,,, ,${many(12, 21)},`)).toBe(many(32)))).toEqual({});
  });

  it('counts repeated keys that it leaves out', () => {
    expect(dropsDuring(() => read('a=1,a=2,b=3,a=4'))).toEqual({ tracestate_duplicate_keys: 2 });
  });
});

describe('the 512 characters of tracestate', () => {
  const large = (name: string, size = 129): string => `${name}=${'x'.repeat(size - name.length - 1)}`;

  it('keeps 512 characters as they are', () => {
    const header = [large('a', 128), large('b', 128), large('c', 128), large('d', 125)].join(',');
    expect(header).toHaveLength(512);
    expect(read(header)).toBe(header);
  });

  it('removes entries of more than 128 characters first, from the end, and no more than it must', () => {
    const small = 'small1=1,small2=2';
    const header = [large('a'), large('b'), large('c'), large('d'), small].join(',');
    expect(read(header)).toBe([large('a'), large('b'), large('c'), small].join(','));
  });

  it('then removes entries from the end', () => {
    const entries = ['a', 'b', 'c', 'd', 'e'].map((name) => large(name, 128));
    expect(read(entries.join(','))).toBe(entries.slice(0, 3).join(','));
  });

  it('does not take an entry of 128 characters for a large one', () => {
    const entries = ['a', 'b', 'c', 'd'].map((name) => large(name, 128));
    expect(read(`${entries.join(',')},z=1`)).toBe(entries.slice(0, 3).join(','));
  });

  it('removes a member that is too long on its own, and counts what it removed', () => {
    const header = `${'k'.repeat(256)}=${'v'.repeat(256)},a=1`;
    const drops = dropsDuring(() => expect(read(header)).toBe('a=1'));
    expect(drops).toEqual({ tracestate_entries_over_limit: 1 });
  });
});

describe('any tracestate', () => {
  it('comes out as it went in when it fits', () => {
    fc.assert(
      fc.property(shortMembers, (pairs) => {
        const header = pairs.map(([name, text]) => `${name}=${text}`).join(',');
        const state = readTraceState(header, false);
        expect(state.serialize()).toBe(header);
        for (const [name, text] of pairs) expect(state.get(name)).toBe(text);
      }),
    );
  });

  it('is within the limits, in order, and stable when it is read again', () => {
    fc.assert(
      fc.property(members(32), (pairs) => {
        const entries = pairs.map(([name, text]) => `${name}=${text}`);
        const written = read(entries.join(','));
        expect(written.length).toBeLessThanOrEqual(512);
        const kept = written === '' ? [] : written.split(',');
        expect(entries.filter((entry) => kept.includes(entry))).toEqual(kept);
        expect(read(written)).toBe(written);
      }),
    );
  });

  it('never throws and never lets anything through that is against the grammar', () => {
    const entry = /^[a-z0-9][a-z0-9_\-*/@]{0,255}=[ -+\--<>-~]{0,255}[!-+\--<>-~]$/;
    fc.assert(
      fc.property(nearlyHeader, (text) => {
        const written = read(text);
        expect(written.length).toBeLessThanOrEqual(512);
        const entries = written === '' ? [] : written.split(',');
        expect(entries.length).toBeLessThanOrEqual(32);
        for (const each of entries) expect(each).toMatch(entry);
        expect(new Set(entries.map((each) => each.split('=')[0])).size).toBe(entries.length);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('changing a trace state', () => {
  it('puts what was set in front, and leaves the old state as it was', () => {
    const state = readTraceState('a=1,b=2', false);
    expect(state.set('b', '3').serialize()).toBe('b=3,a=1');
    expect(state.set('c', '3').unset('a').serialize()).toBe('c=3,b=2');
    expect(state.serialize()).toBe('a=1,b=2');
  });

  it('makes room at the end for a 33rd member', () => {
    const state = readTraceState(many(32), false).set('new', '1');
    expect(state.serialize()).toBe(`new=1,${many(31)}`);
  });

  it.each([
    ['a key in capitals', 'A', '1'],
    ['an empty value', 'a', ''],
    ['a comma in a value', 'a', '1,b=2'],
    ['a space at the end of a value', 'a', '1 '],
    ['a key that is no text', 7 as unknown as string, '1'],
  ])('ignores %s', (_what, name, text) => {
    const state = readTraceState('x=1', false);
    expect(state.set(name, text)).toBe(state);
  });

  it('remembers the random flag and stays within the limits through every change', () => {
    const change = fc.oneof(
      fc.tuple(key, value).map(([name, text]) => ({ name, text })),
      key.map((name) => ({ name, text: undefined })),
    );
    fc.assert(
      fc.property(
        members(10),
        fc.boolean(),
        fc.array(change, { maxLength: 40 }),
        (pairs, random, changes) => {
          let state = readTraceState(pairs.map(([name, text]) => `${name}=${text}`).join(','), random);
          for (const { name, text } of changes) {
            state = text === undefined ? state.unset(name) : state.set(name, text);
            expect(state.hasRandomTraceId).toBe(random);
            expect(state.serialize().length).toBeLessThanOrEqual(512);
            expect(read(state.serialize())).toBe(state.serialize());
          }
        },
      ),
    );
  });
});
