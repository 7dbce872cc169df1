// The backend and the five services for a proof: on free ports, with faults allowed, and with nothing of the caller's settings.
import { setTimeout as delay } from 'node:timers/promises';
import { callHttp } from '../call-http.ts';
import { claimPorts } from '../claim-ports.ts';
import { memberEnvironment } from '../member-environment.ts';
import { type MemberProcess, startMember } from '../member-process.ts';
import { type MeshUrls, membersOf, PORT_WISHES, SERVICES, urlsOf } from '../members.ts';
import { MeshError } from '../mesh-error.ts';
import type { ProgramKind } from '../node-arguments.ts';
import type { Terminal } from '../terminal.ts';
import { waitUntilHealthy } from '../wait-until-healthy.ts';

const HOST = '127.0.0.1';
/** Would change what is to be proved: latencies, samplers, data of an earlier run. */
const LEFT_OUT = /^(OTEL_|LONGPOLE_|UPSTREAM_TIMEOUT_MS$|DATA_DIR$|\w+_LATENCY_MS$|HOST$)/;
/** What a member says whose port somebody else has. */
const TAKEN = /\bPort \d+ on \S+ is taken by another process\b/;
const MOST_TRIES = 3;
const QUIET_MS = 800;
const ASK_MS = 100;
const QUIET_DEADLINE_MS = 30_000;

export interface QuietMeshOptions extends ProgramKind {
  readonly root: string;
  readonly guard: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  readonly stop: AbortSignal;
  readonly kill: AbortSignal;
  /** Chooses the ports; any that are free. */
  readonly claim?: typeof claimPorts;
}

export interface QuietMesh {
  readonly urls: MeshUrls;
  /** What the members run in, and the command line that asks for their traces. */
  readonly environment: Readonly<Record<string, string>>;
  /** Replaces the faults of every service; those not named have none. */
  setFaults(faults: Readonly<Record<string, object>>): Promise<void>;
  /** Resolves when no more spans arrive at the backend. */
  untilQuiet(): Promise<void>;
  /** Rejects as soon as a member ends by itself. */
  readonly trouble: Promise<never>;
  end(): Promise<void>;
}

/** Resolves when all are healthy. Free ports may be taken before the members have them: then others are chosen. */
export async function startQuietMesh(options: QuietMeshOptions): Promise<QuietMesh> {
  for (let left = MOST_TRIES; ; left--) {
    try {
      return await startOnce(options);
    } catch (error) {
      if (!(error instanceof PortLost) || left === 1) throw error;
    }
  }
}

async function startOnce(options: QuietMeshOptions): Promise<QuietMesh> {
  const { terminal, stop, kill, claim = claimPorts } = options;
  const kept = Object.entries(options.environment).filter(([name]) => !LEFT_OUT.test(name));
  const anyPort = Object.fromEntries(PORT_WISHES.map(({ variable }) => [variable, '0']));
  const ports = await claim(PORT_WISHES, anyPort, HOST);
  const urls = urlsOf(ports, HOST);
  const wanted = {
    ...Object.fromEntries(kept),
    FAULTS: 'on',
    LOG_LEVEL: 'silent',
    OTEL_BSP_SCHEDULE_DELAY: '100',
  };
  const environment = memberEnvironment(wanted, ports, urls, HOST);
  const onErrorLine = (): void => undefined;
  const members = membersOf(urls, options).map((member) =>
    startMember(member, { ...options, environment, onErrorLine }),
  );
  const end = async (): Promise<void> => {
    await Promise.all(members.map((member) => member.stop(kill)));
  };
  const trouble = Promise.race(members.map(untilTrouble));
  trouble.catch(() => undefined);
  const giveUp = new AbortController();
  try {
    const wait = AbortSignal.any([stop, giveUp.signal]);
    await Promise.race([waitUntilHealthy(members, terminal, wait), trouble]);
  } catch (error) {
    giveUp.abort();
    await end();
    throw error;
  }
  return {
    urls,
    environment,
    setFaults: (faults) => setFaults(urls, faults, stop),
    untilQuiet: () => untilQuiet(urls.ui, stop),
    trouble,
    end,
  };
}

class PortLost extends MeshError {}

async function untilTrouble(member: MemberProcess): Promise<never> {
  const how = await member.ended;
  const lines = member.lastLines();
  const message = `${member.name} ${how}.${lines.map((line) => `\n  ${line}`).join('')}`;
  throw lines.some((line) => TAKEN.test(line)) ? new PortLost(message) : new MeshError(message);
}

async function setFaults(
  urls: MeshUrls,
  faults: Readonly<Record<string, object>>,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    SERVICES.map(async (service) => {
      const answer = await callHttp(`${urls.of(service)}/faults`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(faults[service] ?? {}),
        signal,
      });
      if (answer.status !== 200) throw new MeshError(`${service} refused its faults: ${answer.body}`);
    }),
  );
}

async function untilQuiet(ui: string, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + QUIET_DEADLINE_MS;
  let count = -1;
  let sinceMs = performance.now();
  while (performance.now() - sinceMs < QUIET_MS) {
    const { body } = await callHttp(`${ui}/api/longpole/stats`, { signal });
    const { spans } = JSON.parse(body) as { spans: { received: number } };
    if (spans.received !== count) sinceMs = performance.now();
    count = spans.received;
    if (performance.now() > deadline)
      throw new MeshError('Spans keep arriving although nobody sends requests.');
    await delay(ASK_MS, undefined, { signal });
  }
}
