// The testing kit out of the packed tarball, in a project of each test runner.

import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cleanEnvironment, linkDependencies, modules, pack, root, run, unpack } from './support/packed.ts';

let work: string;
let consumer: string;

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'longpole-testing-'));
  consumer = join(work, 'consumer');
  const [middleware, observatory] = await Promise.all([
    pack('middleware', join(work, 'middleware')),
    pack('observatory', join(work, 'observatory')),
  ]);
  cpSync(join(root, 'test', 'consumers', 'testing'), consumer, { recursive: true });
  makeVitestProject();
  giveTsJestItsCompiler(join(consumer, 'typescript', 'node_modules'));
  unpack(middleware.tarball, '@longpole/express', join(consumer, 'node_modules'));
  unpack(observatory.tarball, 'longpole', join(consumer, 'node_modules'));
  linkDependencies(join(consumer, 'node_modules'));
}, 180_000);

afterAll(() => rmSync(work, { recursive: true, force: true }));

/** Beside Vitest's own tests, those in TypeScript, with its `expect` in place of Jest's. */
function makeVitestProject(): void {
  const folder = join(consumer, 'vitest');
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(join(consumer, 'typescript'))) {
    const text = readFileSync(join(consumer, 'typescript', name), 'utf8');
    writeFileSync(join(folder, name), text.replaceAll('@jest/globals', 'vitest'));
  }
}

/** ts-jest asks for `typescript` where it lies itself, and that of the repository is too new for it. */
function giveTsJestItsCompiler(folder: string): void {
  const typescript = join(root, 'test', 'consumers', 'ts-jest', 'node_modules', 'typescript');
  cpSync(join(modules, 'ts-jest'), join(folder, 'ts-jest'), { recursive: true });
  symlinkSync(typescript, join(folder, 'typescript'));
}

interface Outcome {
  readonly failed: boolean;
  readonly output: string;
}

async function node(
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<Outcome> {
  const ended = run(process.execPath, [...args], { cwd, env: { ...cleanEnvironment, ...env } });
  return await ended.then(
    ({ stdout, stderr }) => ({ failed: false, output: stdout + stderr }),
    (error: { stdout: string; stderr: string }) => ({ failed: true, output: error.stdout + error.stderr }),
  );
}

/** A test runner in its project: runs the tests of these names; `'written'` snapshots are written, `'kept'` must be there. */
interface Runner {
  readonly what: string;
  readonly run: (
    names: readonly string[],
    snapshots: 'written' | 'kept',
    env?: Record<string, string>,
  ) => Promise<Outcome>;
}

const jestBinary = join(modules, 'jest', 'bin', 'jest.js');

function jest(
  what: string,
  folder: string,
  ending: string,
  config: object,
  flags: readonly string[] = [],
): Runner {
  const run: Runner['run'] = (names, snapshots, env) => {
    const rootDir = join(consumer, folder);
    const whole = JSON.stringify({
      rootDir,
      testMatch: names.map((name) => `**/${name}${ending}`),
      ...config,
    });
    const ci = `--ci=${snapshots === 'kept'}`;
    return node([...flags, jestBinary, '--config', whole, ci, '--detectOpenHandles'], rootDir, env);
  };
  return { what, run };
}

const tsconfig = {
  strict: true,
  target: 'es2022',
  module: 'commonjs',
  moduleResolution: 'node10',
  esModuleInterop: true,
  skipLibCheck: true,
  types: ['node'],
};
const babel = {
  presets: [
    [require.resolve('@babel/preset-env'), { targets: { node: 'current' } }],
    require.resolve('@babel/preset-typescript'),
  ],
};
const swc = { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } };
const typescript = (name: string, options: object) => ({ transform: { '\\.ts$': [name, options] } });
const esModules = ['--experimental-vm-modules', '--no-warnings'];

const jests: Runner[] = [
  jest('Jest with its globals', 'javascript', '-globals.test.cjs', { transform: {} }),
  jest('Jest without globals', 'javascript', '.test.cjs', { transform: {}, injectGlobals: false }),
  jest('Jest in ES modules', 'javascript', '.test.mjs', { transform: {} }, esModules),
  jest('Jest with @swc/jest', 'typescript', '.test.ts', typescript('@swc/jest', swc)),
  jest('Jest with babel-jest', 'typescript', '.test.ts', typescript('babel-jest', babel)),
  jest('Jest with ts-jest', 'typescript', '.test.ts', typescript('ts-jest', { tsconfig })),
];

const vitestBinary = join(dirname(require.resolve('vitest/package.json')), 'vitest.mjs');
const vitest: Runner = {
  what: 'Vitest',
  run: (names, snapshots, env) => {
    const ci: Record<string, string> = snapshots === 'kept' ? { CI: 'true' } : {};
    return node([vitestBinary, 'run', ...names], join(consumer, 'vitest'), { ...ci, ...env });
  },
};

const nodeTest: Runner = {
  what: 'node:test',
  run: (names, snapshots, env) => {
    const update = snapshots === 'written' ? ['--test-update-snapshots'] : [];
    const args = ['--test', '--test-reporter=spec', ...update, ...names.map((name) => `${name}.test.mjs`)];
    return node(args, join(consumer, 'node-test'), env);
  },
};

/** What the tests that fail on purpose say, whoever runs them. */
const MESSAGE = `expect(trace).toHaveSpan('GET /item/:id', { service: 'inventory' })

No span is named 'GET /item/:id'. Did you mean 'GET /items/:id'?

→ inventory  GET /items/:id  SERVER    200  TIME
               ╰ name: expected 'GET /item/:id', but it is 'GET /items/:id'

trace ID, 1 span, 1 service, TIME`;

function plain(output: string): string {
  const text = stripVTControlCharacters(output).replace(/^[ ]+$/gm, '');
  return text.replace(/[\d.]+ ms\b/g, 'TIME').replace(/[0-9a-f]{32}/g, 'ID');
}

/** The message with what the runner puts before each of its lines. */
function indented(message: string, by: number): string {
  return message.replace(/^(?=.)/gm, ' '.repeat(by));
}

describe.each([...jests, vitest, nodeTest])('$what', ({ run: runTests }) => {
  it('passes, and finds its snapshot again', async () => {
    const first = await runTests(['cart'], 'written');
    expect(first).toMatchObject({ failed: false });
    const second = await runTests(['cart'], 'kept');
    expect(second).toMatchObject({ failed: false });
    expect(second.output).not.toMatch(/written|obsolete|open handle/);
  });

  it('fails with the message of the matcher, and where the snapshot shows other work', async () => {
    const { failed, output } = await runTests(['broken', 'cart'], 'kept', { LEFT: '2' });
    expect(failed).toBe(true);
    const text = plain(output);
    const indents = [0, 2, 4, 6].map((by) => indented(MESSAGE, by).trim());
    expect(indents.some((message) => text.includes(message))).toBe(true);
    expect(text).toMatch(/- +'? *inventory SERVER GET \/items\/:id 200 \{ item\.left: 3 \}/);
    expect(text).toMatch(/\+ +'? *inventory SERVER GET \/items\/:id 200 \{ item\.left: 2 \}/);
  });
});

it('a snapshot of another shape draws the trace and the difference', async () => {
  const [, runner] = jests;
  await runner?.run(['cart'], 'written');
  const broken = await runner?.run(['cart'], 'kept', { LEFT: '2' });
  const whole = /^ {4}(expect\(trace\)\.toMatchTraceSnapshot.*?)\n\n +\d+ \|/ms;
  const [, message = '(no message)'] = whole.exec(plain(broken?.output ?? '')) ?? [];
  const text = `${message.replace(/^ {4}/gm, '').replace(/ +TIME/g, ' TIME')}\n`;
  const file = join(root, 'middleware', 'test', 'testing', 'golden', 'snapshot.txt');
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
});

describe('the whole files of docs/testing.md', () => {
  const doc = readFileSync(join(root, 'docs', 'testing.md'), 'utf8');
  const files = [...doc.matchAll(/```js\n(import .*?)```/gs)].map(([, text = '']) => text);
  const kinds = [
    { what: 'Jest', is: (text: string) => !/from '(vitest|node:test)'/.test(text) },
    { what: 'Vitest', is: (text: string) => text.includes("from 'vitest'") },
    { what: 'node:test', is: (text: string) => text.includes("from 'node:test'") },
  ];

  it.each(kinds)('pass in $what', async ({ what, is }) => {
    const [text = ''] = files.filter(is);
    const folder = join(consumer, `doc-${what.replace(':', '-')}`);
    mkdirSync(folder);
    writeFileSync(join(folder, what === 'Jest' ? 'first.test.js' : 'first.test.mjs'), text);
    const config = JSON.stringify({ rootDir: folder, transform: { '\\.js$': ['@swc/jest', swc] } });
    const args: Record<string, string[]> = {
      Jest: [jestBinary, '--config', config, '--detectOpenHandles'],
      Vitest: [vitestBinary, 'run'],
      'node:test': ['--test'],
    };
    const { failed, output } = await node(args[what] ?? [], folder);
    expect(output).toMatch(/1 passed|pass 1/);
    expect(failed).toBe(false);
    expect(files).toHaveLength(kinds.length);
  });
});

describe('without a terminal', () => {
  it.each([jests[1], nodeTest])('a message has no colours', async (runner) => {
    const broken = await runner?.run(['broken'], 'kept');
    expect(broken?.output).toContain('Did you mean');
    expect(broken?.output).toBe(stripVTControlCharacters(broken?.output ?? ''));
  });
});

describe('without the package longpole', () => {
  it.each(['toHaveBottleneck', 'toHaveNoFindings'])('%s() says what to install', async (matcher) => {
    const folder = bareProject();
    const trace = '{ traceId: "1", spans: [], roots: [], services: [], isComplete: true, inFlight: [] }';
    const args = matcher === 'toHaveBottleneck' ? "'payment'" : '';
    const code = `import { expectTrace } from '@longpole/express/testing';\nexpectTrace(${trace}).${matcher}(${args});\n`;
    writeFileSync(join(folder, 'app.mjs'), code);
    const { failed, output } = await node(['app.mjs'], folder);
    expect(failed).toBe(true);
    expect(output).toMatch(
      /needs the package `longpole`.*Install it: npm install --save-dev longpole \[ERR_LONGPOLE_ANALYSIS_MISSING\]/,
    );
  });
});

/** A project with nothing but the package and what it cannot do without. */
function bareProject(): string {
  const folder = mkdtempSync(join(work, 'bare-'));
  const target = join(folder, 'node_modules');
  cpSync(join(consumer, 'node_modules', '@longpole'), join(target, '@longpole'), { recursive: true });
  linkDependencies(target, (name) =>
    ['@types', '@opentelemetry', 'undici-types', 'axios', 'axios-retry'].includes(name),
  );
  return folder;
}

describe('the types', () => {
  const projects = [
    { what: 'Vitest', files: ['vitest/cart.test.ts'], skipLibCheck: true },
    { what: '@jest/globals', files: ['typescript/cart.test.ts'], skipLibCheck: true },
    { what: 'the globals of @types/jest', files: ['types/jest-globals.ts'], skipLibCheck: true },
    { what: 'neither Jest nor Vitest', files: ['types/nothing-installed.ts'], skipLibCheck: false },
  ];

  it.each(projects)('know the matchers after expect() of $what', async ({ files, skipLibCheck }) => {
    const errors = await typeErrors(consumer, files, skipLibCheck);
    expect(errors).toEqual([]);
  });

  it('are no errors where Jest and Vitest are not installed', async () => {
    const folder = bareProject();
    cpSync(join(consumer, 'types', 'nothing-installed.ts'), join(folder, 'app.ts'));
    expect(await typeErrors(folder, ['app.ts'], false)).toEqual([]);
  });
});

async function typeErrors(
  folder: string,
  files: readonly string[],
  skipLibCheck: boolean,
): Promise<string[]> {
  const compilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck, esModuleInterop: true, types: ['node'] },
    ...{ target: 'es2024', lib: ['es2024', 'dom'], module: 'esnext', moduleResolution: 'bundler' },
  };
  const config = join(folder, `tsconfig.${files[0]?.replaceAll('/', '-')}.json`);
  writeFileSync(config, JSON.stringify({ compilerOptions, files }));
  const { output } = await node([join(modules, 'typescript', 'bin', 'tsc'), '-p', config], folder);
  return output.split('\n').filter((line) => line.includes('error TS'));
}

describe('production', () => {
  it.each(['import', 'require'])('loads no file of the testing kit with %s', async (way) => {
    const file = join(consumer, `production-${way}.${way === 'import' ? 'mjs' : 'cjs'}`);
    const load = way === 'import' ? "await import('@longpole/express')" : "require('@longpole/express')";
    const first = "const { registerHooks } = process.getBuiltinModule('node:module');\nconst loaded = [];\n";
    const hook =
      'registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });\n';
    writeFileSync(file, `${first}${hook}${load};\nconsole.log(JSON.stringify(loaded));\n`);
    const { output } = await node([file], consumer);
    const own = (JSON.parse(output) as string[]).filter((url) => url.includes('@longpole/express/'));
    expect(own.length).toBeGreaterThan(10);
    expect(own.filter((url) => /express\/dist\/.*testing/.test(url))).toEqual([]);
  });
});
