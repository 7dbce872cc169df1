// The switch that makes a service slow, failing, silent or badly traced at run time, and the latency it has anyway.
import { EventEmitter, once } from 'node:events';
import { withSpan } from '@longpole/express';
import { type Clock, systemClock } from './clock.ts';
import type { Mistake, ServiceFault } from './mistakes.ts';
import { Problem } from './problem.ts';

const POLL_MS = 50;

export interface FaultState {
  /** How long the service's work takes, in milliseconds. */
  readonly latencyMs: number;
  /** Added to `latencyMs`. */
  readonly extraLatencyMs: number;
  /** Share of the work that fails with 503, from 0 to 1. */
  readonly failureRate: number;
  /** The work never ends while this is true. */
  readonly hang: boolean;
  /** The mistake with tracing that the service makes. */
  readonly mistake: Mistake | null;
  /** The fault that only this service can have. */
  readonly fault: ServiceFault | null;
}

export interface FaultsOptions {
  readonly service: string;
  readonly latencyMs: number;
  readonly clock?: Clock;
  /** A number from 0 up to, not including, 1. Defaults to `Math.random`. */
  readonly random?: () => number;
}

const NONE = { extraLatencyMs: 0, failureRate: 0, hang: false, mistake: null, fault: null };

export class Faults {
  readonly service: string;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #initial: FaultState;
  readonly #changes = new EventEmitter().setMaxListeners(0);
  #state: FaultState;

  constructor(options: FaultsOptions) {
    this.service = options.service;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#initial = { latencyMs: options.latencyMs, ...NONE };
    this.#state = this.#initial;
  }

  get state(): FaultState {
    return this.#state;
  }

  makes(mistake: Mistake): boolean {
    return this.#state.mistake === mistake;
  }

  has(fault: ServiceFault): boolean {
    return this.#state.fault === fault;
  }

  /** Replaces the whole state: what `state` leaves out gets its start value. Wakes work that hangs. */
  replace(state: Partial<FaultState>): FaultState {
    this.#state = { ...this.#initial, ...state };
    this.#changes.emit('change');
    return this.#state;
  }

  /** Milliseconds on the clock the latency is measured with. */
  now(): number {
    return this.#clock.now();
  }

  /**
   * Stands for the service's work: takes its latency, less the `takenMs` it has had already, hangs, or fails with a
   * 503 `fault-injected` Problem. Rejects with an `AbortError` as soon as `signal` aborts.
   */
  async work(signal?: AbortSignal, takenMs = 0): Promise<void> {
    signal?.throwIfAborted();
    while (this.#state.hang) await once(this.#changes, 'change', signal ? { signal } : {});
    const { latencyMs, extraLatencyMs, failureRate } = this.#state;
    await this.#wait(Math.max(0, latencyMs + extraLatencyMs - takenMs), signal);
    if (this.#random() < failureRate) throw this.#injectedFailure(failureRate);
  }

  /** Takes `durationMs`; rejects with an `AbortError` as soon as `signal` aborts. */
  pause(durationMs: number, signal?: AbortSignal): Promise<void> {
    return this.#clock.sleep(durationMs, signal);
  }

  /** Waits in one piece; with the mistake `noise` by polling, each turn of the loop in a span. */
  async #wait(durationMs: number, signal?: AbortSignal): Promise<void> {
    if (!this.makes('noise')) return this.pause(durationMs, signal);
    const dueAt = this.now() + durationMs;
    for (let leftMs = durationMs; leftMs > 0; leftMs = dueAt - this.now()) {
      await withSpan('poll', () => this.pause(Math.min(leftMs, POLL_MS), signal));
    }
  }

  #injectedFailure(failureRate: number): Problem {
    return new Problem({
      status: 503,
      code: 'fault-injected',
      title: 'This failure was asked for',
      detail: `${this.service} fails ${failureRate * 100} % of its work: DELETE /faults ends that.`,
    });
  }
}
