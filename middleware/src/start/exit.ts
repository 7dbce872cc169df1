// Flushes before the process ends, whichever way it ends, without changing how it ends.

import { constants } from 'node:os';

export interface ExitPlan {
  /** Sends what is queued; resolves within the deadline. */
  readonly flush: () => Promise<void>;
  /** Flushes and stops tracing; resolves within the deadline. */
  readonly shutdown: () => Promise<void>;
  /** Whether there are spans left, and hope that the backend takes them. */
  readonly isWorthFlushing: () => boolean;
  /** A last try that holds up the exit itself. */
  readonly sendNow: () => void;
}

const SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT'];

/** Listens for the ends of the process; returns what takes the listeners away again, `exit` apart from the others. */
export function flushBeforeExit(plan: ExitPlan): { ignoreSignals(): void; ignoreExit(): void } {
  let hasGivenUp = false;
  const onSignal = (signal: NodeJS.Signals): void => void endBySignal(signal, plan);
  const onBeforeExit = (): void => {
    if (hasGivenUp || !plan.isWorthFlushing()) return;
    void plan.flush().then(() => {
      hasGivenUp = plan.isWorthFlushing();
    });
  };
  const onExit = (): void => plan.sendNow();
  // First in line, so that a handler added with `once` is still there to be counted.
  for (const signal of SIGNALS) process.prependListener(signal, onSignal);
  process.on('beforeExit', onBeforeExit);
  process.on('exit', onExit);
  return {
    ignoreSignals() {
      for (const signal of SIGNALS) process.off(signal, onSignal);
      process.off('beforeExit', onBeforeExit);
    },
    ignoreExit() {
      process.off('exit', onExit);
    },
  };
}

/** An application with a handler of its own decides when to exit; without one the signal must still end the process. */
async function endBySignal(signal: NodeJS.Signals, plan: ExitPlan): Promise<void> {
  if (process.listenerCount(signal) - 1 > onlookers()) {
    await plan.flush();
    return;
  }
  // Onlookers end the process as soon as they find themselves alone, so ours must outlast this event.
  await new Promise((resolve) => setImmediate(resolve));
  await plan.shutdown();
  // The kernel does not end process 1 by a signal that it has no handler for.
  if (process.pid === 1) process.exit(128 + constants.signals[signal]);
  process.kill(process.pid, signal);
}

interface SignalExitEmitter {
  readonly count?: number;
}

/** Listeners of the package signal-exit (versions 3 and 4): they watch, and expect the signal to end the process. */
function onlookers(): number {
  const { __signal_exit_emitter__: version3 } = process as { __signal_exit_emitter__?: SignalExitEmitter };
  const version4 = (globalThis as Record<symbol, SignalExitEmitter | undefined>)[
    Symbol.for('signal-exit emitter')
  ];
  return (version3?.count ?? 0) + (version4?.count ?? 0);
}
