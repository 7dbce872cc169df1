// What ships: the packed tarball of @longpole/express, unpacked outside of the repository, in projects of every kind.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FaultBackend } from '../middleware/test/start/support/fault-backend.ts';
import { cleanEnvironment, linkDependencies, modules, pack, root, run, unpack } from './support/packed.ts';

let work: string;
let consumer: string;
let files: string[];

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'longpole-packed-'));
  consumer = join(work, 'consumer');
  const packed = await pack('middleware', join(work, 'build'));
  files = packed.files;
  cpSync(join(root, 'test', 'consumers'), consumer, { recursive: true });
  unpack(packed.tarball, '@longpole/express', join(consumer, 'node_modules'));
  linkDependencies(join(consumer, 'node_modules'));
}, 120_000);

afterAll(() => rmSync(work, { recursive: true, force: true }));

interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

function node(
  args: readonly string[],
  env: Record<string, string> = {},
  binary = process.execPath,
): Promise<Output> {
  return run(binary, [...args], { cwd: consumer, env: { ...cleanEnvironment, ...env } });
}

describe('the tarball', () => {
  it('holds the build, sources, licence and README, and nothing of the workshop', () => {
    for (const name of [
      'LICENSE',
      'README.md',
      'package.json',
      'dist/package.json',
      'dist/import/package.json',
      'dist/import/testing.d.ts',
    ])
      expect(files).toContain(name);
    for (const entry of ['index', 'register', 'logging', 'testing']) {
      expect(files).toContain(`dist/${entry}.js`);
      expect(files).toContain(`dist/${entry}.d.ts`);
    }
    const shipped =
      /^(dist\/[\w/-]+\.(js|js\.map|d\.ts)|src\/[\w/-]+\.ts|dist\/(import\/)?package\.json|LICENSE|README\.md|package\.json)$/;
    expect(files.filter((file) => !shipped.test(file))).toEqual([]);
  });
});

describe('what it exports', () => {
  it('is the same for import and require, which share one instance', async () => {
    const { stdout } = await node(['esm/instances.mjs'], { OTEL_TRACES_EXPORTER: 'none' });
    const seen = JSON.parse(stdout) as Record<string, unknown>;
    const names = [
      'DEFAULT_IGNORE',
      'ExpressChannelInstrumentation',
      'HEALTH_CHECKS',
      'HttpChannelInstrumentation',
      'LongpoleError',
      'annotate',
      'carryContext',
      'createClient',
      'currentTrace',
      'runJob',
      'startTracing',
      'tracing',
      'tracingErrors',
      'withSpan',
    ];
    expect(seen).toEqual({ isOneInstance: true, handlesAreOne: true, imported: names, required: names });
  });
});

describe('what it loads', () => {
  const seenAfter = async (script: string): Promise<string[]> => {
    const { stdout } = await node(['--import', '@longpole/express/register', script], {
      OTEL_SERVICE_NAME: 'orders',
      OTEL_TRACES_EXPORTER: 'none',
    });
    return JSON.parse(stdout) as string[];
  };

  it('is what listening, recording and sending need, and axios with the first client', async () => {
    const always = [
      '@longpole/express',
      '@opentelemetry/api',
      '@opentelemetry/context-async-hooks',
      '@opentelemetry/core',
      '@opentelemetry/resources',
      '@opentelemetry/semantic-conventions',
    ];
    expect(await seenAfter('cjs/loaded.cjs')).toEqual(always);
    expect(await seenAfter('cjs/loaded-with-client.cjs')).toEqual(
      expect.arrayContaining([...always, 'axios', 'axios-retry']),
    );
  });
});

describe('an app', () => {
  const preloaded = { OTEL_SERVICE_NAME: 'orders' };
  const apps: [string, string[], Record<string, string>][] = [
    ['an ES module with one line', ['esm/one-line.mjs'], {}],
    ['an ES module that loads Express first', ['esm/express-first.mjs'], {}],
    ['CommonJS with one line', ['cjs/one-line.cjs'], {}],
    ['an ES module, --import', ['--import', '@longpole/express/register', 'esm/plain.mjs'], preloaded],
    ['CommonJS, --require', ['--require', '@longpole/express/register', 'cjs/plain.cjs'], preloaded],
    ['CommonJS, --import', ['--import', '@longpole/express/register', 'cjs/plain.cjs'], preloaded],
  ];
  const backends: FaultBackend[] = [];
  let outputs: Promise<Output>[];

  beforeAll(async () => {
    for (const _ of apps) backends.push(await FaultBackend.start());
    outputs = apps.map(([, args, env], i) =>
      node(args, { OTEL_EXPORTER_OTLP_ENDPOINT: backends[i]?.url ?? '', ...env }),
    );
    await Promise.allSettled(outputs);
  });

  afterAll(() => Promise.all(backends.map((backend) => backend.stop())));

  it.each(apps.map(([what], i) => [what, i] as const))(
    '%s: SERVER and CLIENT spans with routes, in one trace',
    async (_what, i) => {
      const { stdout, stderr } = (await outputs[i]) ?? { stdout: '', stderr: '' };
      expect(stdout).toBe('order with stock\n');
      expect(stderr).toBe(
        `longpole: tracing orders by listening to http, fetch and Express → ${backends[i]?.url}/v1/traces\n`,
      );
      const spans = [...(backends[i]?.spans.values() ?? [])];
      expect(spans.map(({ name }) => name).toSorted()).toEqual(
        expect.arrayContaining(['GET', 'GET /orders/:id', 'GET /stock/:item']),
      );
      expect(new Set(spans.map(({ service }) => service))).toEqual(new Set(['orders']));
      expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    },
  );
});

/** Nodes on the machine, outside of the project, that are older than what tracing needs. */
function oldNodes(): string[] {
  const found = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => join(folder, 'node'))
    .filter((path) => existsSync(path))
    .map((path) => realpathSync(path));
  return [...new Set(found)].filter((path) =>
    /^v(18|20|21|22\.\d|22\.1[0-4])\./.test(execFileSync(path, ['--version']).toString()),
  );
}

describe('a Node that is too old', () => {
  const nodes: [string, string[]][] = [
    ...oldNodes().map((path): [string, string[]] => [path, []]),
    // Where the machine has none, the version is made up.
    [process.execPath, ['--require', './old-node.cjs']],
  ];

  it.each(nodes)('runs the app without tracing and says so: %s %p', async (binary, first) => {
    writeFileSync(
      join(consumer, 'old-node.cjs'),
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } });\n",
    );
    const line = /^longpole: not tracing, this is Node [\d.]+ and 22\.15 or newer is needed\n$/;
    const ways = [
      ['--import', '@longpole/express/register', 'esm/plain.mjs'],
      ['--require', '@longpole/express/register', 'cjs/plain.cjs'],
      ['esm/one-line.mjs'],
      ['cjs/one-line.cjs'],
    ];
    const outputs = await Promise.all(ways.map((args) => node([...first, ...args], {}, binary)));
    for (const { stdout, stderr } of outputs) {
      expect(stdout).toBe('order with stock\n');
      expect(stderr).toMatch(line);
    }
  });
});

describe('a TypeScript project', () => {
  const projects = [
    ['nodenext', 'nodenext', 'module'],
    ['nodenext', 'nodenext', 'commonjs'],
    ['node16', 'node16', 'module'],
    ['node16', 'node16', 'commonjs'],
    ['esnext', 'bundler', 'module'],
  ] as const;
  let outputs: Promise<string>[];

  beforeAll(async () => {
    outputs = projects.map(async ([module, moduleResolution, type]) => {
      const folder = mkdtempSync(join(consumer, 'types-'));
      cpSync(join(consumer, 'types'), folder, { recursive: true });
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ type }));
      const strict = { strict: true, noEmit: true, skipLibCheck: false, esModuleInterop: true };
      const compilerOptions = { ...strict, types: ['node'], target: 'es2024', module, moduleResolution };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['app.ts'] }));
      const compiler = join(modules, 'typescript', 'bin', 'tsc');
      const ended = node([compiler, '-p', folder, '--listFiles']);
      return await ended.then(
        ({ stdout }) => stdout,
        (failure: Output) => failure.stdout,
      );
    });
    await Promise.all(outputs);
  });

  it.each(projects.map(([module, resolution, type], i) => ({ module, resolution, type, i })))(
    'module $module, resolution $resolution, type $type: finds the types',
    async ({ i }) => {
      const output = (await outputs[i]) ?? '';
      expect(output.split('\n').filter((line) => /error TS/.test(line))).toEqual([]);
      expect(output).toMatch(/@longpole\/express\/dist\/index\.d\.ts/);
    },
  );
});

describe('a Jest project in CommonJS', () => {
  it('sees the spans of its app without any special environment', async () => {
    const config = JSON.stringify({ rootDir: join(consumer, 'jest'), testEnvironment: 'node' });
    const { stderr } = await node([join(modules, 'jest', 'bin', 'jest.js'), '--config', config, '--ci']);
    expect(stderr).toMatch(/Tests: {7}1 passed, 1 total/);
  });
});
