// Which name a misspelt word is taken for.
import { describe, expect, test } from '@jest/globals';
import { closestName, editDistance, nearestName } from '../../src/trace/nearest-name.ts';

describe('names', () => {
  test.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['Port', 'port', 0],
    ['prot', 'port', 2],
    ['kitten', 'sitting', 3],
    ['👩x', '👩y', 1],
  ])('%j and %j are %i letters apart', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });

  test('one is near when a third of the letters, or one, is wrong', () => {
    expect(nearestName('uiPrt', ['host', 'uiPort'])).toBe('uiPort');
    expect(nearestName('mz', ['s', 'ms'])).toBe('ms');
    expect(nearestName('xyz', ['ms'])).toBeUndefined();
    expect(nearestName('x', [])).toBeUndefined();
  });

  test('the closest is told however far it is, of equal ones the first', () => {
    expect(closestName('nothing alike', ['a', 'b'])).toEqual({ name: 'a', distance: 12 });
    expect(closestName('x', [])).toBeUndefined();
  });

  test('a word of any length is compared in no time', () => {
    expect(editDistance('x'.repeat(1e6), 'y'.repeat(1e6))).toBe(200);
  });
});
