// `npm run fault`: shows and sets the faults of the running services.
import { createFaultClient, type FaultClient, type ShownFaults } from './fault-client.ts';
import { readFaultCommand } from './fault-command.ts';
import { SERVICES } from './members.ts';
import { EXIT_FAILED, MeshError } from './mesh-error.ts';
import type { Terminal } from './terminal.ts';

export interface FaultOptions {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly terminal: Pick<Terminal, 'out' | 'err'>;
}

/** Resolves with the exit code: 0, 1 when a service did not do it, 2 when the arguments make no sense. */
export async function runFault({ args, environment, terminal }: FaultOptions): Promise<number> {
  try {
    const command = readFaultCommand(args);
    const client = createFaultClient(environment);
    if (command.kind === 'show') return await show(command.services, client, terminal);
    for (const service of command.services) {
      const faults =
        command.kind === 'off'
          ? await switchOff(service, client, terminal)
          : await client.replace(service, changed(await client.read(service), command.change));
      terminal.out(lineOf(service, faults));
    }
    return 0;
  } catch (error) {
    terminal.err(`${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof MeshError ? error.exitCode : EXIT_FAILED;
  }
}

async function show(
  services: readonly string[],
  client: FaultClient,
  terminal: FaultOptions['terminal'],
): Promise<number> {
  const states = await Promise.allSettled(services.map((service) => client.read(service)));
  for (const [index, state] of states.entries()) {
    if (state.status === 'fulfilled') terminal.out(lineOf(services[index] ?? '', state.value));
  }
  const failures = states.flatMap((state) =>
    state.status === 'rejected' ? [String(state.reason.message)] : [],
  );
  for (const failure of failures) terminal.err(`${failure}\n`);
  return failures.length === 0 ? 0 : EXIT_FAILED;
}

/** What payment was said to do wrong may be done by the gateway, which calls it. */
async function switchOff(
  service: string,
  client: FaultClient,
  terminal: FaultOptions['terminal'],
): Promise<ShownFaults> {
  if (service === 'payment') {
    const caller = await client.read('gateway').catch(() => undefined);
    if (caller?.['mistake'] === 'propagation') {
      terminal.out(
        lineOf('gateway', await client.replace('gateway', changed(caller, { mistake: undefined }))),
      );
    }
  }
  return client.clear(service);
}

function changed(faults: ShownFaults, change: ShownFaults): ShownFaults {
  return { ...faults, ...change };
}

const NAME_WIDTH = Math.max(...SERVICES.map((name) => name.length));

/** `payment    latency=2500  mistake=noise`: the latency, and whatever is switched on. */
function lineOf(service: string, faults: ShownFaults): string {
  const words = [
    `latency=${faults['latencyMs']}`,
    faults['extraLatencyMs'] ? `extra-latency=${faults['extraLatencyMs']}` : '',
    faults['failureRate'] ? `failure-rate=${faults['failureRate']}` : '',
    faults['hang'] ? 'hang' : '',
    faults['mistake'] ? `mistake=${faults['mistake']}${explain(faults['mistake'])}` : '',
    String(faults['fault'] ?? ''),
  ];
  return `${service.padEnd(NAME_WIDTH)}  ${words.filter((word) => word !== '').join('  ')}\n`;
}

function explain(mistake: unknown): string {
  return mistake === 'propagation' ? ' (calls payment without the trace headers)' : '';
}
