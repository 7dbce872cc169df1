// What makes the difference between two traces.
import { describe, expect, it } from '@jest/globals';
import type { GroupView } from '../../../src/view/index.ts';
import { differencesOf } from '../../src/layout/trace-difference.ts';

function group(service: string, selfMs: number, more: Partial<GroupView> = {}): GroupView {
  return { kind: 'own', service, operation: 'o', peer: '', calls: [], selfMs, share: 0, spans: 1, ...more };
}

describe('the difference of two traces', () => {
  it('is by part of the path, the largest first, and adds up', () => {
    const first = { groups: [group('a', 100), group('b', 50), group('c', 10)] };
    const second = { groups: [group('b', 250), group('a', 90), group('d', 5)] };
    const found = differencesOf(first, second);
    expect(found.map(({ group: { service }, firstMs, secondMs }) => [service, firstMs, secondMs])).toEqual([
      ['b', 50, 250],
      ['a', 100, 90],
      ['c', 10, undefined],
      ['d', undefined, 5],
    ]);
    expect(found.reduce((sum, { differenceMs }) => sum + differenceMs, 0)).toBe(345 - 160);
  });

  it('knows an operation again when more than half of it became untraced, and tells ways apart', () => {
    const first = { groups: [group('a', 10), group('a', 3, { kind: 'network', peer: 'b' })] };
    const second = { groups: [group('a', 20, { kind: 'untraced' })] };
    expect(differencesOf(first, second)).toMatchObject([
      { firstMs: 10, secondMs: 20 },
      { firstMs: 3, secondMs: undefined },
    ]);
  });

  it('is nothing for the same trace twice', () => {
    const trace = { groups: [group('a', 10)] };
    expect(differencesOf(trace, trace)).toMatchObject([{ differenceMs: 0 }]);
  });
});
