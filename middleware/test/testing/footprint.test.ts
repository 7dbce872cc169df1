// What loading each entry of the package loads: production nothing of the testing kit, the kit nothing that sends spans.

import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, it } from '@jest/globals';

const root = resolve(__dirname, '../../..');

const SCRIPT = `
  const { registerHooks } = require('node:module');
  const urls = [];
  registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) });
  import(process.argv[1]).then(() => console.log(JSON.stringify(urls)));
`;

function loadedBy(entry: string): string[] {
  const args = ['--conditions=longpole-source', '--eval', SCRIPT, entry];
  const env = { PATH: process.env['PATH'] ?? '', OTEL_TRACES_EXPORTER: 'none' };
  return JSON.parse(
    execFileSync(process.execPath, args, { cwd: root, env, encoding: 'utf8', stdio: 'pipe' }),
  ) as string[];
}

const ownSources = (urls: readonly string[]): string[] =>
  urls.flatMap((url) => /\/middleware\/src\/(.+)$/.exec(url)?.[1] ?? []);

it.each(['@longpole/express', '@longpole/express/register', '@longpole/express/logging'])(
  '%s loads nothing of the testing kit',
  (entry) => {
    const sources = ownSources(loadedBy(entry));
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.filter((file) => file.startsWith('testing'))).toEqual([]);
  },
);

it('the testing kit loads no exporter, no whole SDK, no HTTP client, no analysis and no test runner', () => {
  const urls = loadedBy('@longpole/express/testing');
  expect(ownSources(urls)).toContain('testing/capture-traces.ts');
  const packages = urls.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []);
  expect([...new Set(packages)].sort()).toMatchInlineSnapshot(`
[
  "@opentelemetry/api",
  "@opentelemetry/context-async-hooks",
  "@opentelemetry/core",
  "@opentelemetry/resources",
  "@opentelemetry/semantic-conventions",
]
`);
  expect(urls.filter((url) => url.includes('/observatory/'))).toEqual([]);
});
