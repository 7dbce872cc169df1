// What the README tells people to type works: its application, its curl, its scripts, its links.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { otlpJsonOf } from '../middleware/test/support/otlp-body.ts';
import { curlOf } from '../services/mesh/src/demo-checkout.ts';

const root = resolve(__dirname, '..');
const readme = read('README.md');
const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'docs/guide.md',
  'docs/testing.md',
  'docs/command-line.md',
  'middleware/README.md',
];

let app: ChildProcess | undefined;
let backend: Server | undefined;

afterEach(async () => {
  const running = app?.exitCode === null && app.signalCode === null ? app : undefined;
  const ended = running === undefined ? undefined : once(running, 'exit');
  running?.kill('SIGKILL');
  await ended;
  backend?.close();
});

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

function codeBlocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`\`\`\`${language}\\n([^\`]*)\`\`\``, 'g'))].map(
    (match) => match[1] ?? '',
  );
}

describe('the README', () => {
  it('shows an application that sends a SERVER span with its route and attribute', async () => {
    const spans = receiveSpans();
    const [source = ''] = codeBlocks(readme, 'js');
    const listening = 'const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));';
    expect(source).toContain('app.listen(3000);');
    app = spawn(process.execPath, ['--conditions=longpole-source', '--input-type=module'], {
      cwd: join(root, 'middleware'),
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: await spans.url, OTEL_BSP_SCHEDULE_DELAY: '10' },
    });
    app.stdin?.end(source.replace('app.listen(3000);', listening));
    const port = await firstLine(app);
    const answer = await fetch(`http://127.0.0.1:${port}/orders/7`, { headers: { 'x-user-id': 'ada' } });
    expect(await answer.json()).toEqual({ id: '7' });
    const span = await spans.first;
    expect(span).toMatchObject({ name: 'GET /orders/:id', kind: 2 });
    expect(span.attributes).toContainEqual({ key: 'user.id', value: { stringValue: 'ada' } });
  });

  it('shows the curl that the demo prints', () => {
    expect(readme).toContain(curlOf('http://127.0.0.1:8080'));
  });
});

describe('the documents', () => {
  it.each(documents)('%s names only scripts that exist', (file) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...read(file).matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1] ?? '');
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it.each(documents)('%s links only to what is there', (file) => {
    const links = [...read(file).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((match) => match[1] ?? '');
    expect(links.filter((link) => !existsSync(join(root, dirname(file), link)))).toEqual([]);
  });
});

interface WireSpan {
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly unknown[];
}

interface WireRequest {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: WireSpan[] }[] }[];
}

/** A backend that takes one export. */
function receiveSpans(): { url: Promise<string>; first: Promise<WireSpan> } {
  let found: (span: WireSpan) => void;
  const first = new Promise<WireSpan>((done) => {
    found = done;
  });
  const server = createServer(async (request, response) => {
    const body = otlpJsonOf(await buffer(request), request.headers['content-type']) as WireRequest;
    const [span] = body.resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
    if (span !== undefined) found(span);
    response.end();
  });
  backend = server;
  const url = new Promise<string>((done) => {
    server.listen(0, '127.0.0.1', () => done(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
  return { url, first };
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the application has no output');
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error('the application ended without listening');
}
