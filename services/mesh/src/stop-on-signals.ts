// Makes Ctrl-C and its kin into two wishes: the first signal stops, another one later kills.
import type { EventEmitter } from 'node:events';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** One Ctrl-C arrives twice when both the terminal and npm hand it on. */
const ECHO_MS = 1_000;

export interface StopSignals {
  readonly stop: AbortSignal;
  readonly kill: AbortSignal;
}

/** Listens to `source`, the process. `now` gives milliseconds on any clock that only moves forward. */
export function stopOnSignals(
  source: EventEmitter,
  now: () => number = () => performance.now(),
): StopSignals {
  const stop = new AbortController();
  const kill = new AbortController();
  let firstAt = 0;
  const onSignal = (): void => {
    if (!stop.signal.aborted) {
      firstAt = now();
      stop.abort();
    } else if (now() - firstAt > ECHO_MS) {
      kill.abort();
    }
  };
  for (const signal of SIGNALS) source.on(signal, onSignal);
  return { stop: stop.signal, kill: kill.signal };
}
