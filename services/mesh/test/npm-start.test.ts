// `npm start` as a process: however it, or the npm above it, ends, no process and no port is left behind.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '@longpole/demo-chassis/testing';
import { claimPorts } from '../src/claim-ports.ts';
import { PORT_WISHES } from '../src/members.ts';
import { ANY_PORTS, ROOT } from './running-services.ts';

const HOST = '127.0.0.1';
const PROGRAM = ['--conditions=longpole-source', join(ROOT, 'services/mesh/src/main.ts')];
const programs: ChildProcess[] = [];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'longpole-'));
  const start = `exec "${process.execPath}" ${PROGRAM.join(' ')}`;
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts: { start } }));
});

afterEach(() => {
  for (const program of programs.splice(0)) program.kill('SIGKILL');
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Starts the program, or something that starts it, on ports this test knows, and waits until it is healthy. */
async function start(command: string, args: readonly string[], cwd: string) {
  const claimed = await claimPorts(PORT_WISHES, ANY_PORTS, HOST);
  const ports = Object.fromEntries([...claimed].map(([name, port]) => [name, String(port)]));
  const program: ChildProcess = spawn(command, args, {
    cwd,
    env: { ...process.env, ...ports },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { out: '', err: '' };
  program.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output.out += text;
  });
  program.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output.err += text;
  });
  programs.push(program);
  await until(() => output.out.includes('Healthy') || program.exitCode !== null, 40_000);
  if (program.exitCode !== null) throw new Error(`It ended by itself: ${output.err}`);
  /** Every port can be bound again, so nobody listens any more. */
  const arePortsFree = (): Promise<boolean> =>
    claimPorts(PORT_WISHES, ports, HOST).then(
      () => true,
      () => false,
    );
  return { program, output, arePortsFree };
}

describe('the program of npm start', () => {
  test('stops everything on Ctrl-C and exits 0', async () => {
    const { program, arePortsFree } = await start(process.execPath, PROGRAM, ROOT);
    expect(await arePortsFree()).toBe(false);
    program.kill('SIGINT');
    expect(await once(program, 'exit')).toEqual([0, null]);
    expect(await arePortsFree()).toBe(true);
  }, 60_000);

  test('leaves no process behind even when it is killed', async () => {
    const { program, arePortsFree } = await start(process.execPath, PROGRAM, ROOT);
    program.kill('SIGKILL');
    await once(program, 'exit');
    await until(arePortsFree);
  }, 60_000);

  test('leaves no process behind when npm is killed', async () => {
    const { program, output, arePortsFree } = await start('npm', ['start'], folder);
    program.kill('SIGKILL');
    await once(program, 'close');
    expect(output.err).toContain('The npm that started this was killed, so everything is stopped.\n');
    expect(output.out).toContain('Stopped');
    expect(await arePortsFree()).toBe(true);
  }, 60_000);
});
