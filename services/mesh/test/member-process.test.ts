// A process of the mesh: what it said is remembered, it can be stopped for certain, and it goes when the mesh goes.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '@longpole/demo-chassis/testing';
import { type MemberProcess, startMember } from '../src/member-process.ts';
import { GUARD } from './running-services.ts';

const never = new AbortController().signal;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'longpole-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function start(
  program: string,
  onErrorLine: (member: string, line: string) => void = () => undefined,
): MemberProcess {
  const file = join(folder, `${Math.random()}.mjs`);
  writeFileSync(file, program);
  const member = { name: 'payment', args: [file], healthUrl: 'http://127.0.0.1:1/' };
  return startMember(member, {
    root: folder,
    guard: GUARD,
    environment: process.env as Record<string, string>,
    onErrorLine,
  });
}

describe('a member', () => {
  test('that ends by itself tells how, and its last lines of stderr', async () => {
    const program =
      "for (let i = 0; i < 30; i += 1) console.error('line', i); console.log('out'); process.exitCode = 3;";
    const member = start(program);
    expect(await member.ended).toBe('ended with exit code 3');
    expect(member.lastLines()).toHaveLength(20);
    expect(member.lastLines().at(-1)).toBe('line 29');
  });

  test('that said nothing on stderr tells its last lines of stdout', async () => {
    const member = start("console.log('only this')");
    await member.ended;
    expect(member.lastLines()).toEqual(['only this']);
  });

  test('hands on every line of stderr as it comes', async () => {
    const lines: string[] = [];
    await start("console.error('first\\nsecond')", (name, line) => lines.push(`${name}: ${line}`)).ended;
    expect(lines).toEqual(['payment: first', 'payment: second']);
  });

  test('stops when asked', async () => {
    const member = start(
      "process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1e6); console.log('up')",
    );
    await until(() => member.lastLines().length > 0);
    await member.stop(never);
    expect(await member.ended).toBe('ended with exit code 0');
    await member.stop(never);
  });

  test('that will not stop is killed', async () => {
    const member = start("process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6); console.log('up')");
    await until(() => member.lastLines().length > 0);
    const kill = new AbortController();
    const stopped = member.stop(kill.signal);
    kill.abort();
    await stopped;
    expect(await member.ended).toBe('was ended by SIGKILL');
  });

  test('that will not stop is killed at once when killing was asked for before', async () => {
    const member = start("process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6); console.log('up')");
    await until(() => member.lastLines().length > 0);
    await member.stop(AbortSignal.abort());
    expect(await member.ended).toBe('was ended by SIGKILL');
  });
});

describe('the guard', () => {
  test('sends SIGTERM to a process whose parent is gone', async () => {
    const file = join(folder, 'guarded.mjs');
    writeFileSync(file, "process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1e6);");
    const child = fork(file, { execArgv: ['--import', GUARD], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    await once(child, 'spawn');
    const exit = once(child, 'exit');
    child.disconnect();
    expect((await exit)[0]).toBe(7);
  });

  test('does not keep a process alive that has nothing left to do', async () => {
    const file = join(folder, 'short.mjs');
    writeFileSync(file, '');
    const child = fork(file, { execArgv: ['--import', GUARD], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    expect((await once(child, 'exit'))[0]).toBe(0);
  });
});
