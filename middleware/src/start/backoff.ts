// How long to leave the backend alone after an export that failed because it is away or busy.

import { isNobodyThere, type Outcome } from './export-outcome.ts';

type Failure = Extract<Outcome, { kind: 'retry' }>;

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;
/** A backend that asks for more than this is asked again anyway. */
const LONGEST_RETRY_AFTER_MS = 300_000;

const FIRST_FLUSH_PAUSE_MS = 100;
const LONGEST_FLUSH_PAUSE_MS = 1000;
/** Where nobody listens a flush does not wait for somebody to come. */
const FLUSH_TRIES_WITH_NOBODY_THERE = 3;

/** Exponential pauses with ±20 % jitter, or what `Retry-After` says; shorter ones while somebody waits for a flush. */
export class Backoff {
  readonly #random: () => number;
  #failures = 0;
  #flushFailures = 0;
  #last: Failure | undefined;
  #pauseMs = 0;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** True from a failure to the next success. */
  get isWaiting(): boolean {
    return this.#last !== undefined;
  }

  /** The pause before the next export, 0 when none is needed. */
  get pauseMs(): number {
    return this.#pauseMs;
  }

  failed(failure: Failure): void {
    const exponential = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.#flushFailures += 1;
    this.#last = failure;
    this.#pauseMs = Math.max(
      Math.min(LONGEST_RETRY_AFTER_MS, failure.retryAfterMs ?? 0),
      this.#jittered(exponential),
    );
  }

  succeeded(): void {
    this.#failures = 0;
    this.#last = undefined;
    this.#pauseMs = 0;
  }

  restartForFlush(): void {
    this.#flushFailures = 0;
  }

  /** The pause before a flush tries again; `undefined` when it should give up. */
  pauseInFlushMs(): number | undefined {
    if (this.#last === undefined) return 0;
    if (isNobodyThere(this.#last.cause) && this.#flushFailures >= FLUSH_TRIES_WITH_NOBODY_THERE)
      return undefined;
    const exponential = FIRST_FLUSH_PAUSE_MS * 2 ** Math.max(0, this.#flushFailures - 1);
    return Math.max(
      this.#last.retryAfterMs ?? 0,
      this.#jittered(Math.min(LONGEST_FLUSH_PAUSE_MS, exponential)),
    );
  }

  #jittered(ms: number): number {
    return ms * (0.8 + 0.4 * this.#random());
  }
}
