// Every error code that a source can throw has its paragraph in the docs, and no paragraph is about a code that is gone.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from '@jest/globals';

const root = resolve(__dirname, '..');

it('documents every error code, and only those', () => {
  const sources = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '*/src/*.ts'],
    {
      cwd: root,
    },
  )
    .toString()
    .trim()
    .split('\n');
  const thrown = sources.flatMap(
    (file) => readFileSync(join(root, file), 'utf8').match(/ERR_LONGPOLE_[A-Z_]+/g) ?? [],
  );
  const documented =
    readFileSync(join(root, 'docs/error-codes.md'), 'utf8').match(/(?<=^### )ERR_LONGPOLE_\w+/gm) ?? [];
  expect([...documented].sort()).toEqual([...new Set(thrown)].sort());
});
