// Every finding of the doctor has its paragraph in the docs with all that a reader needs, and every threshold is stated there.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from '@jest/globals';
import { DEFAULT_THRESHOLDS, FINDING_CODES } from '../observatory/src/analysis/findings/index.ts';

const text = readFileSync(resolve(__dirname, '../docs/findings.md'), 'utf8');
const paragraphs = new Map(
  text
    .split(/^## /m)
    .slice(1)
    .map((part) => [part.slice(0, part.indexOf('\n')), part] as const),
);

it('documents every code, and only those, in their order', () => {
  const codes = [...paragraphs.keys()].filter((title) => /^[a-z]+(-[a-z]+)+$|^noise$/.test(title));
  expect(codes).toEqual([...FINDING_CODES]);
});

it.each([...FINDING_CODES])('says of %s how it is judged, the cause, the cure, and an example', (code) => {
  const paragraph = paragraphs.get(code) ?? '';
  for (const label of ['**Judged:**', '**Cause:**', '**Cure:**', '**Example:**']) {
    expect(paragraph).toContain(label);
  }
});

it('states every threshold with its default', () => {
  const stated = [...text.matchAll(/^\| `(\w+)` \| ([\d ]+(?:\.\d+)?) \|/gm)].map(([, name, value]) => {
    return [name, Number(value?.replaceAll(' ', ''))];
  });
  expect(Object.fromEntries(stated)).toEqual(DEFAULT_THRESHOLDS);
});
