// An abort signal for axios that a deadline or the caller's own signal raises.

import type { GenericAbortSignal } from 'axios';

type Listener = (reason?: unknown) => void;

/**
 * axios aborts a request with whatever object a signal hands to its listener, unless it looks like an event. A
 * native `AbortSignal` can only say "canceled"; this one hands over the timeout error itself.
 */
export class DeadlineSignal implements GenericAbortSignal {
  readonly #listeners = new Set<Listener>();
  readonly #callers: GenericAbortSignal | undefined;
  readonly #timer: NodeJS.Timeout;
  #timedOut: unknown;

  constructor(ms: number, makeError: () => unknown, callers: GenericAbortSignal | undefined) {
    this.#callers = callers;
    this.#timer = setTimeout(() => {
      this.#timedOut = makeError();
      for (const listener of this.#listeners) listener(this.#timedOut);
    }, ms);
  }

  get aborted(): boolean {
    return this.#timedOut !== undefined || this.#callers?.aborted === true;
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.add(listener);
    this.#callers?.addEventListener?.(type, listener);
  }

  removeEventListener(type: string, listener: Listener): void {
    this.#listeners.delete(listener);
    this.#callers?.removeEventListener?.(type, listener);
  }

  /** The call is over in time. */
  clear(): void {
    clearTimeout(this.#timer);
  }
}
