// What is loaded before a command is known: the commands and their help, and none of the work.
import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from '@jest/globals';

const SOURCES = join(__dirname, '../../src');
const STATIC_IMPORT = /^(?:import|export) (?!type )[^;]*?from '([^']+)'/gms;

/** The files that are loaded when `file` is, itself included, and the packages that they import. */
function loadedBy(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(STATIC_IMPORT)) {
    if (specifier.startsWith('.')) loadedBy(resolve(dirname(file), specifier), seen);
    else if (!specifier.startsWith('node:')) seen.add(`package ${specifier}`);
  }
  return seen;
}

test('help needs commander and the command line itself: no source, no analysis, no backend', () => {
  const loaded = [...loadedBy(join(SOURCES, 'cli/main.ts'))];
  const names = loaded.map((one) => (one.startsWith('package ') ? one : relative(SOURCES, one)));
  expect(names).toContain('cli/commands/bottleneck.ts');
  expect(names.filter((name) => name.startsWith('package '))).toEqual(['package commander']);
  expect(names.filter((name) => /^(analysis|sources|server|wire|store)\//.test(name))).toEqual([]);
});
