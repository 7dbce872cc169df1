// Says of each folder of the build what kind of modules it holds; the types of Vitest can be extended by ES modules only.

import { writeFileSync } from 'node:fs';

for (const [folder, type] of [
  ['dist', 'commonjs'],
  ['dist/import', 'module'],
])
  writeFileSync(`${folder}/package.json`, `${JSON.stringify({ type })}\n`);
