// Calls for the next export: at once when there is enough to send, else after a while.

export class Alarm {
  readonly #onFull: () => void;
  readonly #onDelay: () => void;
  #immediate: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `onFull` is called for `now()`, `onDelay` for `after()`. */
  constructor(onFull: () => void, onDelay: () => void) {
    this.#onFull = onFull;
    this.#onDelay = onDelay;
  }

  /** Not in this tick, which belongs to whoever has ended a span. */
  now(): void {
    this.#immediate ??= setImmediate(this.#onFull);
  }

  /** The first call counts. Keeps no process alive. */
  after(delayMs: number): void {
    this.#timer ??= setTimeout(this.#onDelay, delayMs).unref();
  }

  clear(): void {
    clearImmediate(this.#immediate);
    clearTimeout(this.#timer);
    this.#immediate = undefined;
    this.#timer = undefined;
  }
}
