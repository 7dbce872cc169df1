// Whole outputs kept in test/golden; UPDATE_GOLDEN=1 writes them anew.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';

export const GOLDEN = join(__dirname, '../golden');
export const FIXTURES = join(__dirname, '../fixtures');

/** Expects `output` to be what the file `name` of test/golden holds. */
export function expectGolden(name: string, output: string): void {
  const path = join(GOLDEN, name);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, output);
  if (!existsSync(path)) throw new Error(`${path} is missing; UPDATE_GOLDEN=1 writes it`);
  expect(output).toBe(readFileSync(path, 'utf8'));
}
