// The five services as real processes for a test, each on a free port, tracing to a sink.

import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { claimPorts } from '../src/claim-ports.ts';
import { memberEnvironment } from '../src/member-environment.ts';
import { type MemberProcess, startMember } from '../src/member-process.ts';
import { type MeshUrls, membersOf, PORT_WISHES, urlsOf } from '../src/members.ts';

export const ROOT = resolve(__dirname, '../../..');
export const GUARD = pathToFileURL(resolve(__dirname, '../src/stop-with-parent.ts')).href;

/** All ports set to 0, so that nothing a developer runs is in the way. */
export const ANY_PORTS = Object.fromEntries(PORT_WISHES.map(({ variable }) => [variable, '0']));

/** Latencies that keep the order of the services' shares and let a test be quick. */
export const SHORT_LATENCIES = {
  GATEWAY_LATENCY_MS: '5',
  AUTH_LATENCY_MS: '3',
  INVENTORY_LATENCY_MS: '20',
  PAYMENT_LATENCY_MS: '250',
  NOTIFY_LATENCY_MS: '22',
};

export interface RunningServices {
  readonly urls: MeshUrls;
  readonly members: ReadonlyMap<string, MemberProcess>;
  stop(): Promise<void>;
}

export async function runServices(
  otlpUrl: string,
  environment: Record<string, string> = {},
  names: readonly string[] = ['gateway', 'auth', 'inventory', 'payment', 'notify'],
): Promise<RunningServices> {
  const ports = await claimPorts(PORT_WISHES, ANY_PORTS, '127.0.0.1');
  const urls = urlsOf(ports, '127.0.0.1');
  const shared = memberEnvironment(
    { ...process.env, ...SHORT_LATENCIES, ...environment },
    ports,
    urls,
    '127.0.0.1',
  );
  const options = {
    root: ROOT,
    guard: GUARD,
    environment: { ...shared, OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl, OTEL_BSP_SCHEDULE_DELAY: '20' },
    onErrorLine: () => undefined,
  };
  const started = membersOf(urls, { isBuilt: false })
    .filter(({ name }) => names.includes(name))
    .map((member) => startMember(member, options));
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((member) => member.stop(new AbortController().signal)));
  };
  await Promise.all(started.map(untilHealthy)).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    urls,
    members: new Map(started.map((member) => [member.name, member])),
    stop,
  };
}

async function untilHealthy(member: MemberProcess): Promise<void> {
  const isUp = (): Promise<boolean> =>
    fetch(member.healthUrl).then(
      (answer) => answer.ok,
      () => false,
    );
  const died = member.ended.then((how) => {
    throw new Error(`${member.name} ${how}: ${member.lastLines().join('\n')}`);
  });
  died.catch(() => undefined);
  while (!(await Promise.race([isUp(), died]))) await delay(20);
}
