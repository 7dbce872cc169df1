// One process of the mesh: started in a process group of its own, listened to, and stopped for certain.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Member } from './members.ts';

const REMEMBERED_LINES = 20;
const STOP_DEADLINE_MS = 12_000;

export interface StartOptions {
  readonly root: string;
  /** URL of the module that stops the process when the mesh is gone. */
  readonly guard: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Called for every line the process writes to stderr. */
  readonly onErrorLine: (member: string, line: string) => void;
}

export interface MemberProcess {
  readonly name: string;
  readonly healthUrl: string;
  /** Arguments of node: the program and its own arguments. */
  readonly args: readonly string[];
  readonly pid: number | undefined;
  /** Resolves when the process has ended, with how it ended in words. */
  readonly ended: Promise<string>;
  /** The last lines of stderr, or of stdout when stderr is empty. */
  lastLines(): readonly string[];
  /** Asks the process to stop; kills it when it does not, or at once when `kill` aborts. */
  stop(kill: AbortSignal): Promise<void>;
}

export function startMember(member: Member, options: StartOptions): MemberProcess {
  const child = spawn(
    process.execPath,
    // Seven small young generations are enough for a demo and save 15 MB a process.
    ['--max-semi-space-size=1', '--import', options.guard, ...member.args],
    {
      cwd: options.root,
      env: options.environment,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A group of its own: Ctrl-C reaches the mesh alone, which then stops its members in order.
      detached: true,
    },
  );
  const errors = remember(child.stderr, (line) => options.onErrorLine(member.name, line));
  const output = remember(child.stdout, () => undefined);
  const ended = untilEnded(child);
  return {
    name: member.name,
    healthUrl: member.healthUrl,
    args: member.args,
    pid: child.pid,
    ended,
    lastLines: () => (errors.length > 0 ? errors : output),
    stop: (kill) => stopChild(child, ended, kill),
  };
}

function remember(stream: Readable | null, onLine: (line: string) => void): readonly string[] {
  const lines: string[] = [];
  if (!stream) return lines;
  createInterface({ input: stream }).on('line', (line) => {
    lines.push(line);
    if (lines.length > REMEMBERED_LINES) lines.shift();
    onLine(line);
  });
  return lines;
}

function untilEnded(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('close', (code, signal) => {
      resolve(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`);
    });
  });
}

async function stopChild(child: ChildProcess, ended: Promise<string>, kill: AbortSignal): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const killNow = (): void => {
    child.kill('SIGKILL');
  };
  child.kill('SIGTERM');
  const deadline = setTimeout(killNow, STOP_DEADLINE_MS);
  kill.addEventListener('abort', killNow, { once: true });
  if (kill.aborted) killNow();
  await ended;
  clearTimeout(deadline);
  kill.removeEventListener('abort', killNow);
}
