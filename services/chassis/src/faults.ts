// The switch that makes a service slow, failing or silent at run time, and the latency it has anyway.
import { EventEmitter, once } from 'node:events';
import { type Clock, systemClock } from './clock.ts';
import { Problem } from './problem.ts';

export interface FaultState {
  /** How long the service's work takes, in milliseconds. */
  readonly latencyMs: number;
  /** Added to `latencyMs`. */
  readonly extraLatencyMs: number;
  /** Share of the work that fails with 503, from 0 to 1. */
  readonly failureRate: number;
  /** The work never ends while this is true. */
  readonly hang: boolean;
}

export interface FaultsOptions {
  readonly service: string;
  readonly latencyMs: number;
  readonly clock?: Clock;
  /** A number from 0 up to, not including, 1. Defaults to `Math.random`. */
  readonly random?: () => number;
}

export class Faults {
  readonly #service: string;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #initial: FaultState;
  readonly #changes = new EventEmitter().setMaxListeners(0);
  #state: FaultState;

  constructor(options: FaultsOptions) {
    this.#service = options.service;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#initial = { latencyMs: options.latencyMs, extraLatencyMs: 0, failureRate: 0, hang: false };
    this.#state = this.#initial;
  }

  get state(): FaultState {
    return this.#state;
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
    await this.#clock.sleep(Math.max(0, latencyMs + extraLatencyMs - takenMs), signal);
    if (this.#random() < failureRate) throw this.#injectedFailure(failureRate);
  }

  #injectedFailure(failureRate: number): Problem {
    return new Problem({
      status: 503,
      code: 'fault-injected',
      title: 'This failure was asked for',
      detail: `${this.#service} fails ${failureRate * 100} % of its work: DELETE /faults ends that.`,
    });
  }
}
