// Notices callers from inside that sometimes or always leave the trace context out, while others send it.

import { plainAddress } from '../http/hosts.ts';

/** Starts a timer that does not keep the process alive; the function that is returned stops it. */
export type Schedule = (work: () => void, delayMs: number) => () => void;

export interface ContextWatchParts {
  readonly say: (line: string) => void;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly schedule: Schedule;
}

/** How long calls are gathered before the first line, so that it has more to say than "1 of 1". */
const GATHER_MS = 5_000;
const REPORT_EVERY_MS = 60_000;
/** Callers that are told apart; those beyond are counted together. */
const MAX_CALLERS = 256;
const MAX_LINES = 5;
const MAX_AGENT_LENGTH = 60;

/** Browsers, command lines and probes: nobody expects trace context from them. */
const NOT_A_SERVICE =
  /^(mozilla|curl|wget|httpie|postmanruntime|insomnia|bruno|kube-probe|elb-healthchecker|googlehc|prometheus|consul health check)\b/i;

interface Tally {
  readonly caller: string;
  calls: number;
  without: number;
}

/** Calls by callers, since the last report. */
export class ContextWatch {
  readonly #parts: ContextWatchParts;
  /** By address, then by user agent; `undefined` where no context is expected. */
  #tallies = new Map<string, Map<string, Tally | undefined>>();
  #size = 0;
  #others: Tally = { caller: 'other callers', calls: 0, without: 0 };
  #peersSend = false;
  #reportedMs = Number.NEGATIVE_INFINITY;
  #stopTimer: (() => void) | undefined;
  #missing = 0;

  constructor(parts: ContextWatchParts) {
    this.#parts = parts;
  }

  /** Calls without context since the process began, from callers that were expected to send it. */
  get missing(): number {
    return this.#missing;
  }

  /** One call from inside. Before the first that has context, nothing is expected of anybody. */
  note(address: string, agent: string, hasContext: boolean): void {
    this.#peersSend ||= hasContext;
    if (!this.#peersSend) return;
    const tally = this.#tallyOf(address, agent);
    if (tally === undefined) return;
    tally.calls += 1;
    if (hasContext) return;
    tally.without += 1;
    this.#missing += 1;
    this.#stopTimer ??= this.#parts.schedule(() => this.report(), this.#delayMs());
  }

  /** Says what was gathered, one line for each caller, those that left out most first, and begins anew. */
  report(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    const known = [...this.#tallies.values()].flatMap((agents) => [...agents.values()]);
    const guilty = [...known, this.#others].filter((tally): tally is Tally => (tally?.without ?? 0) > 0);
    this.#forget();
    if (guilty.length === 0) return;
    this.#reportedMs = this.#parts.nowMs();
    guilty.sort((a, b) => b.without - a.without);
    for (const tally of guilty.slice(0, MAX_LINES)) this.#parts.say(lineOf(tally));
    const rest = guilty.length - MAX_LINES;
    if (rest > 0) this.#parts.say(`longpole: calls from ${rest} more callers came without trace context`);
  }

  #delayMs(): number {
    return Math.max(GATHER_MS, this.#reportedMs + REPORT_EVERY_MS - this.#parts.nowMs());
  }

  #tallyOf(address: string, agent: string): Tally | undefined {
    const agents = this.#tallies.get(address);
    if (agents?.has(agent)) return agents.get(agent);
    if (this.#size >= MAX_CALLERS) {
      // Nothing is waiting to be said: the counts may go, and today's callers be learned.
      if (this.#stopTimer !== undefined) return this.#others;
      this.#forget();
    }
    return this.#learn(address, agent);
  }

  #learn(address: string, agent: string): Tally | undefined {
    const name = printable(agent);
    const caller = `${plainAddress(address)} (${name === '' ? 'no user agent' : name})`;
    const tally = NOT_A_SERVICE.test(agent) ? undefined : { caller, calls: 0, without: 0 };
    const agents = this.#tallies.get(address) ?? new Map<string, Tally | undefined>();
    this.#tallies.set(address, agents.set(agent, tally));
    this.#size += 1;
    return tally;
  }

  #forget(): void {
    this.#tallies = new Map();
    this.#size = 0;
    this.#others = { ...this.#others, calls: 0, without: 0 };
  }
}

function lineOf({ caller, calls, without }: Tally): string {
  return `longpole: ${without} of ${calls} calls from ${caller} came without trace context`;
}

/** What a caller says of itself must not be able to forge a line or to flood one. */
function printable(agent: string): string {
  const text = agent.replace(/[^\x20-\x7e]/g, '?');
  return text.length > MAX_AGENT_LENGTH ? `${text.slice(0, MAX_AGENT_LENGTH - 1)}…` : text;
}
