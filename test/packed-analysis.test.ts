// What ships of the analysis: `longpole/analysis` out of the packed tarball, as ES module, CommonJS and types.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { modules, pack, run, unpack } from './support/packed.ts';

let work: string;
let consumer: string;
let files: string[];

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'longpole-analysis-'));
  consumer = join(work, 'consumer');
  const packed = await pack('observatory', join(work, 'build'));
  files = packed.files;
  unpack(packed.tarball, 'longpole', join(consumer, 'node_modules'));
}, 120_000);

afterAll(() => rmSync(work, { recursive: true, force: true }));

const TRACE = `{
  traceId: '0123456789abcdef0123456789abcdef',
  spans: [{
    traceId: '0123456789abcdef0123456789abcdef', spanId: '0123456789abcdef', parentSpanId: '', traceState: '', flags: 1,
    name: 'GET /', kind: 'SERVER', startNs: 0n, endNs: 5000000n, attributes: {}, droppedAttributesCount: 0,
    events: [], droppedEventsCount: 0, links: [], droppedLinksCount: 0, status: { code: 'UNSET', message: '' },
    resource: { attributes: {}, droppedAttributesCount: 0 },
    scope: { name: '', version: '', attributes: {}, droppedAttributesCount: 0 }, service: 'web',
  }],
}`;
const SENTENCE = 'web · GET / took 5 ms, all of it its own work (100 %)\n';

async function node(file: string, code: string, args: readonly string[] = []): Promise<string> {
  writeFileSync(join(consumer, file), code);
  const { stdout } = await run(process.execPath, [...args, file], { cwd: consumer });
  return stdout;
}

describe('the tarball of longpole', () => {
  it('holds the analysis in both builds and nothing of the workshop', () => {
    for (const name of ['dist/analysis/index', 'dist/cjs/analysis/index', 'dist/cjs/trace/span']) {
      expect(files).toEqual(expect.arrayContaining([`${name}.js`, `${name}.d.ts`]));
    }
    expect(files).toContain('dist/cjs/package.json');
    expect(
      files.filter((file) => /tsbuildinfo|\.test\.|^test|dist\/cjs\/(cli|server|store)/.test(file)),
    ).toEqual([]);
  });

  it.each([
    ['an ES module', 'use.mjs', "import { analyzeTrace } from 'longpole/analysis';", []],
    ['CommonJS', 'use.cjs', "const { analyzeTrace } = require('longpole/analysis');", []],
    [
      'CommonJS where require cannot load ES modules',
      'old.cjs',
      "const { analyzeTrace } = require('longpole/analysis');",
      ['--no-experimental-require-module'],
    ],
  ])('is used from %s', async (_what, file, first, args) => {
    const code = `${first}\nconsole.log(analyzeTrace(${TRACE}).sentence);\n`;
    expect(await node(file, code, args)).toBe(SENTENCE);
  });

  it.each([
    ['nodenext', 'nodenext', 'module', 'dist/analysis'],
    ['nodenext', 'nodenext', 'commonjs', 'dist/cjs/analysis'],
    ['node16', 'node16', 'commonjs', 'dist/cjs/analysis'],
    ['esnext', 'bundler', 'module', 'dist/analysis'],
  ])('has types for module %s, resolution %s, type %s', async (module, moduleResolution, type, build) => {
    const folder = mkdtempSync(join(consumer, 'types-'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type }));
    writeFileSync(
      join(folder, 'app.ts'),
      "import { analyzeTrace, type Trace } from 'longpole/analysis';\n" +
        'export const say = (trace: Trace): string => analyzeTrace(trace).sentence;\n',
    );
    const compilerOptions = {
      strict: true,
      noEmit: true,
      types: [],
      target: 'es2024',
      module,
      moduleResolution,
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['app.ts'] }));
    const compiler = join(modules, 'typescript', 'bin', 'tsc');
    const { stdout } = await run(process.execPath, [compiler, '-p', folder, '--listFiles']).catch(
      (failure: { stdout: string }) => failure,
    );
    expect(stdout.split('\n').filter((line) => /error TS/.test(line))).toEqual([]);
    expect(stdout).toContain(`longpole/${build}/index.d.ts`);
  });
});
