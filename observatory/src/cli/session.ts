// One run of the command line: its terminal, its exit code, and the end that a signal brings.
import { EXIT, EXIT_OF_SIGNAL, type StopSignal } from './exit-codes.ts';
import { clearProgress } from './output/clear-progress.ts';
import type { Terminal } from './terminal.ts';

/** What a command is run with. */
export interface Session {
  readonly terminal: Terminal;
  /** Runs the work of a command and keeps its exit code. SIGINT and SIGTERM end the command quietly. */
  readonly run: (work: () => Promise<number>) => Promise<void>;
  /** The same for a command that itself ends on signals. */
  readonly runUntilStopped: (work: () => Promise<number>) => Promise<void>;
  readonly exitCode: () => number;
}

/** Resolves with the work's exit code, or with that of the signal that came first. */
async function interruptible(terminal: Terminal, work: () => Promise<number>): Promise<number> {
  let off: () => void = () => undefined;
  const stopped = new Promise<StopSignal>((resolve) => {
    off = terminal.onStop(resolve);
  });
  try {
    return await Promise.race([
      work(),
      stopped.then((signal) => {
        clearProgress(terminal);
        return EXIT_OF_SIGNAL[signal];
      }),
    ]);
  } finally {
    off();
  }
}

export function startSession(terminal: Terminal): Session {
  let code: number = EXIT.fine;
  const keep = async (work: Promise<number>): Promise<void> => {
    code = await work;
  };
  return {
    terminal,
    run: (work) => keep(interruptible(terminal, work)),
    runUntilStopped: (work) => keep(work()),
    exitCode: () => code,
  };
}
