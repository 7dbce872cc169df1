// Waits until every member answers its health check, and says how far it is.
import { setTimeout as delay } from 'node:timers/promises';
import { callHttp } from './call-http.ts';
import type { MemberProcess } from './member-process.ts';
import { MeshError } from './mesh-error.ts';
import type { Terminal } from './terminal.ts';

const DEADLINE_MS = 30_000;
const PAUSE_MS = 60;
const ATTEMPT_MS = 2_000;

/** Rejects with a MeshError when a member is not healthy after 30 s, with an AbortError when `stop` aborts. */
export async function waitUntilHealthy(
  members: readonly MemberProcess[],
  terminal: Terminal,
  stop: AbortSignal,
): Promise<void> {
  const waiting = new Set(members.map((member) => member.name));
  const startedAt = performance.now();
  const show = (): void => showProgress(members, waiting, terminal, performance.now() - startedAt);
  show();
  const deadline = AbortSignal.any([stop, AbortSignal.timeout(DEADLINE_MS)]);
  await Promise.all(
    members.map(async (member) => {
      await untilHealthy(member, deadline, stop);
      waiting.delete(member.name);
      show();
    }),
  );
}

async function untilHealthy(member: MemberProcess, deadline: AbortSignal, stop: AbortSignal): Promise<void> {
  while (!(await isHealthy(member.healthUrl))) {
    stop.throwIfAborted();
    if (deadline.aborted) {
      throw new MeshError(
        `${member.name} does not answer ${member.healthUrl} after ${DEADLINE_MS / 1_000} s.`,
      );
    }
    await delay(PAUSE_MS);
  }
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await callHttp(url, { signal: AbortSignal.timeout(ATTEMPT_MS) })).status === 200;
  } catch {
    return false;
  }
}

function showProgress(
  members: readonly MemberProcess[],
  waiting: ReadonlySet<string>,
  terminal: Terminal,
  elapsedMs: number,
): void {
  const marks = members.map(({ name }) => (waiting.has(name) ? `${name} …` : `${name} ✓`)).join('  ');
  const seconds = (elapsedMs / 1_000).toFixed(1);
  if (terminal.isInteractive) {
    terminal.out(`\r\u001b[2KStarting  ${marks}  ${seconds} s${waiting.size === 0 ? '\n' : ''}`);
  } else if (waiting.size === members.length) {
    terminal.out('Starting the backend and the five services\n');
  } else if (waiting.size === 0) {
    terminal.out(`Healthy  ${marks}  ${seconds} s\n`);
  }
}
