// The name and version on our spans are those of the package.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { PACKAGE, VERSION } from '../../src/shared/version.ts';

it('is the version of package.json', () => {
  const manifest: unknown = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8'));
  expect(manifest).toMatchObject({ name: PACKAGE, version: VERSION });
});
