// The few lines that tracing says to the person at the console.

import { connect } from 'node:net';
import type { ExportObserver } from './batch-processor.ts';
import { OLDEST_NODE } from './environment.ts';

export type Log = (line: string) => void;

export const toStandardError: Log = (line) => {
  process.stderr.write(`${line}\n`);
};

export function startLine(
  service: string,
  how: 'listen' | 'stock',
  destination: string,
  sampler?: string,
): string {
  const what =
    how === 'listen'
      ? 'http, fetch and Express by listening'
      : 'http, fetch and Express by OpenTelemetry’s own patches';
  const hint = service.startsWith('unknown_service') ? ' (set OTEL_SERVICE_NAME)' : '';
  return `longpole: tracing ${service}${hint} (${what}${sampler === undefined ? '' : `, sampler ${sampler}`}) → ${destination}`;
}

/** Where spans go, in words; `undefined` when the SDK itself read it from the environment. */
export function destinationOf(destinations: readonly string[] | undefined): string {
  if (destinations === undefined)
    return `the exporter of OTEL_TRACES_EXPORTER=${process.env['OTEL_TRACES_EXPORTER'] ?? 'otlp'}`;
  return destinations.length === 0 ? 'nowhere (OTEL_TRACES_EXPORTER=none)' : destinations.join(', ');
}

export const disabledLine = 'longpole: tracing is off (OTEL_SDK_DISABLED=true)';

export const oldNodeLine = (version: string): string =>
  `longpole: not tracing, this is Node ${version} and ${OLDEST_NODE.join('.')} or newer is needed`;

export const otherTracerLine = (name: string, consequence: string): string =>
  `longpole: ${name} is already installed in this process; ${consequence}`;

/** Says once that the backend is away, and again only after it had been back. */
export class ReachabilityWarning implements ExportObserver {
  readonly #log: Log;
  readonly #destination: string;
  #isAway = false;

  constructor(log: Log, destination: string) {
    this.#log = log;
    this.#destination = destination;
  }

  failed(cause: string): void {
    if (this.#isAway) return;
    this.#isAway = true;
    this.#log(
      `longpole: cannot send traces to ${this.#destination} (${cause}); is the backend running? Spans are kept while there is room`,
    );
  }

  succeeded(): void {
    this.#isAway = false;
  }

  /** Asks once whether anybody listens there, so that a wrong address shows before the first export has given up. */
  probe(url: string): void {
    const target = URL.parse(url);
    if (target === null) return;
    const port = Number(target.port) || (target.protocol === 'https:' ? 443 : 80);
    const socket = connect({ host: target.hostname.replace(/^\[|\]$/g, ''), port });
    socket.unref();
    socket.setTimeout(3000, () => socket.destroy());
    socket.once('connect', () => socket.destroy());
    socket.once('error', (error: NodeJS.ErrnoException) => this.failed(error.code ?? error.message));
  }
}
