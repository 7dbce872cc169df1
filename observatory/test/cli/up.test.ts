// `longpole up`: the real backend, from its start line to its end.

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { spansToOtlpJson } from '../../src/wire/otlp-json.ts';
import { draw, TRACE_ID } from '../trace/draw.ts';
import { type Run, runLongpole } from './fake-terminal.ts';

const FREE = ['--ui-port', '0', '--otlp-port', '0'];
const { spans } = draw(`
  gateway GET / [server]  |==========|
    gateway render        |  ======  |
`);

interface Running {
  readonly line: string;
  readonly otlpUrl: string;
  readonly uiUrl: string;
  stop(): Promise<Run>;
}

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Starts `longpole up` and resolves with its start line. */
async function up(args: readonly string[], env: Record<string, string> = {}): Promise<Running> {
  const line = Promise.withResolvers<string>();
  let stop = (): void => undefined;
  const ended = runLongpole(['up', ...args], {
    env,
    onListening: (ask) => {
      stop = ask;
    },
    onOut: line.resolve,
  });
  const end = (): Promise<Run> => {
    stop();
    return ended;
  };
  cleanups.push(end);
  const text = await Promise.race([line.promise, ended.then((run) => Promise.reject(new Error(run.err)))]);
  const [otlpUrl = '', uiUrl = ''] = text.match(/http:\/\/[^\s,]+/g) ?? [];
  return { line: text, otlpUrl, uiUrl, stop: end };
}

function send(otlpUrl: string): Promise<Response> {
  return fetch(`${otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(spansToOtlpJson(spans)),
  });
}

describe('longpole up', () => {
  test('--json prints its addresses on one line', async () => {
    const { line } = await up([...FREE, '--json']);
    expect(line.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(line)).toEqual({
      otlpUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      uiUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      db: null,
    });
  });

  test('says in one line where it listens, takes spans, gives them to bottleneck, and stops with 0', async () => {
    const running = await up(FREE);
    expect(running.line).toMatch(
      /^longpole is up: OTLP on http:\/\/127\.0\.0\.1:\d+, queries on http:\/\/127\.0\.0\.1:\d+, traces in memory\. Ctrl-C stops it\.\n$/,
    );
    expect((await send(running.otlpUrl)).status).toBe(200);
    const { out } = await runLongpole(['bottleneck', TRACE_ID, '--wait', '5', '--source', running.uiUrl]);
    expect(out).toContain('gateway · render holds up GET /: 60 ms of 100 ms (60 %)\n');
    expect(await running.stop()).toMatchObject({ exitCode: 0, err: '' });
    await expect(fetch(running.uiUrl)).rejects.toThrow();
  });

  test('--db keeps the traces for the next start', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'longpole-'));
    cleanups.push(() => rmSync(folder, { recursive: true }));
    const args = [...FREE, '--db', join(folder, 'traces.db'), '--max-traces', '10', '--max-bytes', '10MiB'];
    const first = await up(args);
    await send(first.otlpUrl);
    await first.stop();
    const second = await up(args);
    const { out } = await runLongpole(['bottleneck', TRACE_ID, '--source', second.uiUrl]);
    expect(out).toContain('gateway · render holds up GET /');
  });

  test.each<[string, string[], Record<string, string>]>([
    ['flag', ['--ui-port', 'TAKEN', '--otlp-port', '0'], {}],
    ['variable', ['--otlp-port', '0'], { LONGPOLE_UI_PORT: 'TAKEN' }],
  ])('a port that is taken, by %s: one line names it, the flag and the variable', async (_, args, env) => {
    const holder: Server = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => new Promise((resolve) => holder.close(resolve)));
    const port = String((holder.address() as AddressInfo).port);
    const put = (text: string) => text.replace('TAKEN', port);
    const run = await runLongpole(['up', ...args.map(put)], {
      env: Object.fromEntries(Object.entries(env).map(([key, value]) => [key, put(value)])),
    });
    expect([run.exitCode, run.out]).toEqual([2, '']);
    expect(run.err).toContain(`Port ${port} `);
    expect(run.err).toContain('--ui-port');
    expect(run.err).toContain('LONGPOLE_UI_PORT');
    expect(run.err.trimEnd().split('\n')).toHaveLength(1);
  });

  test.each<[string[], Record<string, string>, string]>([
    [['--ui-port', 'http'], {}, '--ui-port http: give a whole number from 0 to 65535.'],
    [[], { LONGPOLE_OTLP_PORT: '70000' }, 'LONGPOLE_OTLP_PORT 70000: give a whole number from 0 to 65535.'],
    [['--max-bytes', 'lots'], {}, '--max-bytes lots: give a size such as 512MiB'],
    [['--max-bytes', '5'], {}, '--max-bytes 5: give at least 1MiB.'],
    [['--db', ''], {}, '--db "": give the name of a file.'],
    [['--host', ''], {}, '--host "": give an address to listen on.'],
    [['--ui-port', '5000'], { LONGPOLE_OTLP_PORT: '5000' }, 'are both 5000: give two different ports.'],
    [['--ui-port', '4318'], {}, '--ui-port and --otlp-port'],
    [['now'], {}, 'too many arguments'],
    [['--max-traces', '0'], {}, '--max-traces 0: give a whole number from 1'],
  ])('%j with %j is wrong use', async (args, env, message) => {
    const { exitCode, err } = await runLongpole(['up', ...args], { env });
    expect(exitCode).toBe(2);
    expect(err).toContain(message);
    expect(err).toMatch(/^error: .* \(ERR_LONGPOLE_USAGE\)\n$/);
  });
});
