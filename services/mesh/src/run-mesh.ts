// The demo from start to end: ports, processes, one checkout, its bottleneck, and a stop that leaves nothing behind.
import { claimPorts } from './claim-ports.ts';
import { type DemoControl, startDemoControl } from './demo-control.ts';
import { createFaultClient } from './fault-client.ts';
import { describeLoss } from './lost-service.ts';
import { memberEnvironment } from './member-environment.ts';
import { type MemberProcess, startMember } from './member-process.ts';
import { type MeshUrls, membersOf, PORT_WISHES, urlsOf } from './members.ts';
import { EXIT_FAILED, MeshError } from './mesh-error.ts';
import type { ProgramKind } from './node-arguments.ts';
import { showOneCheckout } from './show-one-checkout.ts';
import type { StopSignals } from './stop-on-signals.ts';
import type { Terminal } from './terminal.ts';
import { waitUntilHealthy } from './wait-until-healthy.ts';

/** What tracing says of itself when it starts, which is no reason to end. */
const START_LINE = 'longpole: tracing ';

export interface MeshOptions extends ProgramKind, StopSignals {
  /** The repository's folder. */
  readonly root: string;
  /** URL of the module that stops a member when the mesh is gone. */
  readonly guard: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  /** Told of every process as it is started. */
  readonly onStart?: (member: MemberProcess) => void;
}

/** Resolves with the exit code once no process is left: 0 after `stop`, else why in one line on stderr. */
export async function runMesh(options: MeshOptions): Promise<number> {
  const members: MemberProcess[] = [];
  const over = new AbortController();
  try {
    await demonstrate({ ...options, stop: AbortSignal.any([options.stop, over.signal]) }, members);
    return 0;
  } catch (error) {
    if (options.stop.aborted) return 0;
    options.terminal.err(`${describe(error)}\n`);
    return error instanceof MeshError ? error.exitCode : EXIT_FAILED;
  } finally {
    over.abort();
    await stopAll(members, options);
  }
}

async function demonstrate(options: MeshOptions, members: MemberProcess[]): Promise<void> {
  const { terminal, stop } = options;
  const host = options.environment['HOST'] || '127.0.0.1';
  const ports = await claimPorts(PORT_WISHES, options.environment, host);
  const urls = urlsOf(ports, host);
  const own = memberEnvironment(options.environment, ports, urls, host);
  const control = await controlFor(own, urls, stop);
  const environment = { ...own, ...(control !== undefined && { LONGPOLE_DEMO_URL: control.url }) };

  let isStarted = false;
  const onErrorLine = (name: string, line: string): void => {
    if (isStarted && !stop.aborted) terminal.err(`[${name}] ${line}\n`);
  };
  for (const member of membersOf(urls, options)) {
    const started = startMember(member, { ...options, environment, onErrorLine });
    members.push(started);
    options.onStart?.(started);
  }
  const stopped = untilAborted(stop);
  await Promise.race([waitUntilHealthy(members, terminal, stop), ...members.map(untilTrouble)]);
  isStarted = true;

  const onLoss = (member: MemberProcess, how: string): void => {
    if (!stop.aborted) terminal.err(`${describeLoss(member, how, environment)}\n`);
  };
  for (const member of members) {
    if (!isBackend(member)) void member.ended.then((how) => onLoss(member, how));
  }
  const trouble = Promise.race(members.filter(isBackend).map(untilTrouble));
  await Promise.race([showOneCheckout({ ...options, environment, urls }), trouble]);
  await Promise.race([stopped, trouble]);
}

/** With faults allowed, the page has a panel that asks for them. */
async function controlFor(
  environment: Readonly<Record<string, string>>,
  urls: MeshUrls,
  stop: AbortSignal,
): Promise<DemoControl | undefined> {
  if (environment['FAULTS'] !== 'on') return undefined;
  const faults = createFaultClient(environment);
  const control = await startDemoControl({ gatewayUrl: urls.gateway, faults, stop });
  stop.addEventListener('abort', () => control.close(), { once: true });
  return control;
}

/** Without the backend there are no traces; without a service there are those of a broken checkout. */
function isBackend({ name }: MemberProcess): boolean {
  return name === 'backend';
}

async function untilTrouble(member: MemberProcess): Promise<never> {
  const how = await member.ended;
  const lines = member.lastLines().filter((line) => !line.startsWith(START_LINE));
  const last = lines.slice(-6).map((line) => `\n  ${line}`);
  throw new MeshError(`${member.name} ${how}, so everything is stopped.${last.join('')}`);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** The gateway first, so that no request meets a stopped service; the backend last, to take their last spans. */
async function stopAll(members: readonly MemberProcess[], { kill, terminal }: MeshOptions): Promise<void> {
  const named = (name: string): MemberProcess[] => members.filter((member) => member.name === name);
  const rest = members.filter(({ name }) => name !== 'gateway' && name !== 'backend');
  if (members.length > 0) terminal.out('\nStopping\n');
  for (const group of [named('gateway'), rest, named('backend')]) {
    await Promise.all(group.map((member) => member.stop(kill)));
  }
  if (members.length > 0) terminal.out('Stopped, nothing it started is left\n');
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
