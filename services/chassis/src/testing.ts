// For the tests of the services: a clock that only moves when told to, and the parts of an untraced service.
import type { Clock } from './clock.ts';
import { Faults } from './faults.ts';
import type { ServiceParts } from './service-app.ts';

interface Sleeper {
  readonly dueAt: number;
  readonly wake: () => void;
}

/** Starts at `startMs` and stands still until `advance` is called. */
export class ManualClock implements Clock {
  #now: number;
  readonly #sleepers = new Set<Sleeper>();

  constructor(startMs = 0) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  /** How many sleeps have not ended. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#sleepers.delete(sleeper);
        reject(new DOMException('The sleep was aborted', 'AbortError'));
      };
      const wake = (): void => {
        signal?.removeEventListener('abort', abort);
        this.#sleepers.delete(sleeper);
        resolve();
      };
      const sleeper: Sleeper = { dueAt: this.#now + durationMs, wake };
      if (signal?.aborted) return abort();
      signal?.addEventListener('abort', abort, { once: true });
      this.#sleepers.add(sleeper);
      if (durationMs <= 0) wake();
    });
  }

  /** Moves on by `durationMs` and wakes, in order, whoever is due by then. */
  advance(durationMs: number): void {
    this.#now += durationMs;
    const due = [...this.#sleepers].filter((sleeper) => sleeper.dueAt <= this.#now);
    for (const sleeper of due.sort((a, b) => a.dueAt - b.dueAt)) sleeper.wake();
  }
}

export interface TestParts extends ServiceParts {
  /** The errors nobody expected. */
  readonly reported: unknown[];
}

/** The parts of a service whose work takes no time. */
export function testParts(service: string, options: Partial<ServiceParts> = {}): TestParts {
  const reported: unknown[] = [];
  return {
    service,
    faults: new Faults({ service, latencyMs: 0 }),
    reportError: (error) => reported.push(error),
    ...options,
    reported,
  };
}

/** Resolves when `condition` holds, asking again each time the event loop comes round; rejects after `deadlineMs`. */
export async function until(condition: () => boolean | Promise<boolean>, deadlineMs = 10_000): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > deadline)
      throw new Error(`Still not true after ${deadlineMs} ms: ${String(condition)}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
