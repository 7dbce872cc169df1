// One piece of work for many callers: those who ask for the same key at the same time share it.

interface SharedWork<T> {
  readonly result: Promise<T>;
  readonly abort: AbortController;
  waiting: number;
}

/** Runs `work`, or joins the work that already runs under `key`. */
export type ShareWork<T> = (
  key: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
) => Promise<T>;

/** The work's own signal aborts only when every caller's signal has. */
export function createShareWork<T>(): ShareWork<T> {
  const running = new Map<string, SharedWork<T>>();

  function begin(key: string, work: (signal: AbortSignal) => Promise<T>): SharedWork<T> {
    const abort = new AbortController();
    const result = work(abort.signal).finally(() => {
      if (running.get(key)?.abort === abort) running.delete(key);
    });
    const shared = { result, abort, waiting: 0 };
    running.set(key, shared);
    return shared;
  }

  return async (key, signal, work) => {
    signal.throwIfAborted();
    const shared = running.get(key) ?? begin(key, work);
    shared.waiting += 1;
    const leave = (): void => {
      shared.waiting -= 1;
      if (shared.waiting > 0) return;
      running.delete(key);
      shared.abort.abort(signal.reason);
    };
    signal.addEventListener('abort', leave, { once: true });
    return shared.result.finally(() => signal.removeEventListener('abort', leave));
  };
}
