// Input checks: every fault is pointed at, and what came in is named.
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { checkInput } from '../src/check-input.ts';
import { Problem } from '../src/problem.ts';

const schema = z.strictObject({
  items: z.array(z.strictObject({ quantity: z.number().int().min(1) })).min(1),
  'a/b~c': z.string().optional(),
});

function problemFor(value: unknown): Problem {
  try {
    checkInput(schema, value);
  } catch (error) {
    if (error instanceof Problem) return error;
  }
  throw new Error('No Problem was thrown');
}

describe('checkInput', () => {
  test('returns what the schema makes of the value', () => {
    expect(checkInput(z.string().transform(Number), '7')).toBe(7);
  });

  test('points at every fault and names what came in', () => {
    const problem = problemFor({ items: [{ quantity: 1 }, { quantity: -1 }, { quantity: 1.5 }], 'a/b~c': 7 });
    expect(problem).toMatchObject({ status: 422, code: 'invalid-input' });
    expect(problem.issues.map((issue) => issue.pointer)).toEqual([
      '#/items/1/quantity',
      '#/items/2/quantity',
      '#/a~1b~0c',
    ]);
    expect(problem.issues[0]?.detail).toMatch(/, received -1$/);
    expect(problem.message).toContain('#/items/1/quantity: ');
  });

  test('points at fields nobody knows, one by one', () => {
    const { issues } = problemFor({ items: [{ quantity: 1, colour: 'red', size: 2 }] });
    expect(issues.map((issue) => issue.pointer)).toEqual(['#/items/0/colour', '#/items/0/size']);
  });

  test.each([undefined, null, 7, 'text', []])('refuses %p as a whole', (value) => {
    expect(problemFor(value).issues.map((issue) => issue.pointer)).toEqual(['#']);
  });

  test('cuts a long value short', () => {
    const { issues } = problemFor({ items: 'x'.repeat(10_000) });
    expect(issues[0]?.detail.length).toBeLessThan(200);
  });
});
