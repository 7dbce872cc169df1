// Sends checkouts at a steady rate, as the panel of the page asks for.

/** More than this the demo's services on one machine would only queue. */
export const MAX_PER_SECOND = 20;

/** Answers that may be awaited at once; while there are as many, no further checkout is sent. */
const MAX_OPEN = 200;

export interface LoadState {
  readonly perSecond: number;
  readonly sent: number;
  readonly failed: number;
  /** Sent, and not answered yet. */
  readonly open: number;
}

/** Sends with `send`, which resolves with whether the checkout went well. */
export class SteadyLoad {
  readonly #send: () => Promise<boolean>;
  #timer: NodeJS.Timeout | undefined;
  #perSecond = 0;
  #sent = 0;
  #failed = 0;
  #open = 0;

  constructor(send: () => Promise<boolean>) {
    this.#send = send;
  }

  get state(): LoadState {
    return { perSecond: this.#perSecond, sent: this.#sent, failed: this.#failed, open: this.#open };
  }

  /** Goes on at another rate, from 0 (none) to {@link MAX_PER_SECOND}. */
  set(perSecond: number): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#perSecond = perSecond;
    if (perSecond > 0) this.#timer = setInterval(() => void this.#once(), 1000 / perSecond).unref();
  }

  async #once(): Promise<void> {
    if (this.#open >= MAX_OPEN) return;
    this.#open++;
    this.#sent++;
    const isFine = await this.#send().catch(() => false);
    this.#open--;
    if (!isFine) this.#failed++;
  }
}
