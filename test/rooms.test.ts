// Enforces the arrows of the house and its rules for files.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = resolve(__dirname, '..');
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root })
  .toString()
  .split('\n')
  .filter((file) => file !== '');
const sources = tracked.filter((file) =>
  /^(middleware|observatory(\/viewer)?|services\/[^/]+)\/src\/.*\.tsx?$/.test(file),
);

const packages: Record<string, string> = { '@longpole/express': 'middleware', longpole: 'observatory' };

/** What each room may import, beside itself and packages from outside. */
const ARROWS: Record<string, readonly string[]> = {
  middleware: [],
  'services/chassis': ['middleware'],
  'services/gateway': ['middleware', 'services/chassis'],
  'services/auth': ['middleware', 'services/chassis'],
  'services/inventory': ['middleware', 'services/chassis'],
  'services/payment': ['middleware', 'services/chassis'],
  'services/notify': ['middleware', 'services/chassis'],
  'services/mesh': [],
  'observatory/trace': [],
  'observatory/analysis': ['observatory/trace'],
  'observatory/wire': ['observatory/trace'],
  'observatory/store': ['observatory/trace', 'observatory/wire'],
  'observatory/receiver': ['observatory/store', 'observatory/trace', 'observatory/wire'],
  'observatory/viewer': ['observatory/view', 'observatory/analysis', 'observatory/trace'],
  'observatory/view': ['observatory/analysis', 'observatory/trace'],
  'observatory/api': [
    'observatory/store',
    'observatory/trace',
    'observatory/wire',
    'observatory/analysis',
    'observatory/view',
  ],
  'observatory/sources': ['observatory/trace', 'observatory/wire'],
  'observatory/server': ['observatory/receiver', 'observatory/store', 'observatory/api', 'observatory/trace'],
  'observatory/cli': [
    'observatory/server',
    'observatory/analysis',
    'observatory/sources',
    'observatory/trace',
  ],
};

function roomOf(file: string): string {
  const [first = '', second = '', third = ''] = file.split('/');
  if (second === 'viewer') return 'observatory/viewer';
  if (first === 'services') return `services/${second}`;
  return first === 'observatory' ? `observatory/${third.replace(/\.ts$/, '')}` : first;
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
}

function targetRoom(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return roomOf(relative(root, resolve(root, dirname(file), specifier)));
  const demo = /^@longpole\/demo-([^/]+)/.exec(specifier)?.[1];
  if (demo !== undefined) return `services/${demo}`;
  const name = Object.keys(packages).find(
    (known) => specifier === known || specifier.startsWith(`${known}/`),
  );
  return name === undefined ? undefined : packages[name];
}

describe('the arrows of the house', () => {
  it('knows every room', () => {
    expect([...new Set(sources.map(roomOf))].filter((room) => ARROWS[room] === undefined)).toEqual([]);
  });

  it('lets no room import one that it must not know', () => {
    const wrong = sources.flatMap((file) =>
      importsOf(file)
        .map((specifier) => ({ specifier, room: targetRoom(file, specifier) }))
        .filter(
          ({ room }) => room !== undefined && room !== roomOf(file) && !ARROWS[roomOf(file)]?.includes(room),
        )
        .map(({ specifier }) => `${file} imports ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps the trace model, the analysis and the views pure', () => {
    const pure = sources.filter((file) => /^observatory\/src\/(trace|analysis|view)\//.test(file));
    const impure = pure.filter((file) =>
      /from 'node:|console\.|process\.|Date\.now|performance\.now|Math\.random/.test(
        readFileSync(join(root, file), 'utf8'),
      ),
    );
    expect(pure.length).toBeGreaterThan(0);
    expect(impure).toEqual([]);
  });
});

describe('the rules for files', () => {
  it.each([
    ['is longer than 250 lines', (text: string) => text.split('\n').length > 251],
    [
      'does not open with a sentence that says what it is for',
      (text: string) => !/^(\/\/ |\/\*\*|#!)/.test(text),
    ],
    ['has `any` as a type', (text: string) => /(: *any\b|<any>|as any\b|any\[\])/.test(text)],
    ['postpones work', (text: string) => /\b(TODO|FIXME|XXX)\b/.test(text)],
    ['has an empty catch', (text: string) => /catch *(\([^)]*\))? *\{ *\}/.test(text)],
  ])('no source file %s', (_rule, breaks) => {
    expect(sources.filter((file) => breaks(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });

  it('has no file called utils', () => {
    expect(tracked.filter((file) => /(^|\/)utils?\.[jt]sx?$/.test(file))).toEqual([]);
  });

  it('skips and focuses no test', () => {
    const tests = tracked.filter((file) => file.endsWith('.test.ts') && file !== 'test/rooms.test.ts');
    const skipping = /\b(it|test|describe)\.(skip|only|todo)\b|\bx(it|describe)\(/;
    expect(tests.filter((file) => skipping.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });
});
