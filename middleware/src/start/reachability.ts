// Watches whether spans arrive, and tells the person at the console once when they do not.

import { connect, type Socket } from 'node:net';
import { http2Line, type Log, refusedLine, unreachableLine } from './console-lines.ts';
import { isNobodyThere, type Outcome } from './export-outcome.ts';

/** How long the probe waits for a connection. */
const PROBE_TIMEOUT_MS = 3000;
/** How long the probe listens: a server of HTTP/2 begins to speak by itself. */
const PROBE_LISTENS_MS = 500;
/** Type of HTTP/2's SETTINGS frame, which a connection begins with (RFC 9113, sections 3.4 and 6.5). */
const SETTINGS = 4;
/** A backend that is busy or breaks a connection once is no news yet. */
const FAILURES_BEFORE_WARNING = 2;

/** Says once that the backend is away or refuses spans, and again only after it had been back. */
export class Reachability {
  readonly #log: Log;
  readonly #destination: string;
  #isAway = false;
  #failures = 0;
  #probe: Socket | undefined;

  constructor(log: Log, destination: string) {
    this.#log = log;
    this.#destination = destination;
  }

  /** From a warning on until spans arrive again. */
  get isAway(): boolean {
    return this.#isAway;
  }

  /** Takes the outcome of an export. */
  readonly heard = (outcome: Outcome): void => {
    if (outcome.kind === 'delivered') {
      this.#failures = 0;
      this.#isAway = false;
      return;
    }
    this.#failures += 1;
    if (outcome.kind !== 'retry') this.#warn(refusedLine(this.#destination, outcome.cause));
    else if (isNobodyThere(outcome.cause) || this.#failures >= FAILURES_BEFORE_WARNING) {
      this.#warn(unreachableLine(this.#destination, outcome.cause));
    }
  };

  /**
   * Tries once whether anybody listens there, and not a server of HTTP/2, so that a wrong address shows before the first
   * span is sent.
   */
  probe(url: string): void {
    const { protocol, hostname, port } = new URL(url);
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port) || (protocol === 'https:' ? 443 : 80),
    });
    this.#probe = socket;
    const failed = (cause: string): void => {
      socket.destroy();
      this.#warn(unreachableLine(this.#destination, cause));
    };
    socket.unref();
    socket.setTimeout(PROBE_TIMEOUT_MS, () => failed('timeout'));
    socket.once('connect', () =>
      socket.removeAllListeners('timeout').setTimeout(PROBE_LISTENS_MS, () => socket.destroy()),
    );
    socket.once('data', (greeting) => {
      socket.destroy();
      if (isSettings(greeting)) this.#warn(http2Line(this.#destination));
    });
    socket.once('error', (error: NodeJS.ErrnoException) => failed(error.code ?? error.message));
  }

  close(): void {
    this.#probe?.destroy();
  }

  #warn(line: string): void {
    if (this.#isAway) return;
    this.#isAway = true;
    this.#log(line);
  }
}

function isSettings(greeting: Buffer): boolean {
  const [type, , ...stream] = greeting.subarray(3, 9);
  return type === SETTINGS && stream.length === 4 && stream.every((byte) => byte === 0);
}
