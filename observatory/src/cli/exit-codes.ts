// Exit codes of every command.

export const EXIT = {
  /** All is well. */
  fine: 0,
  /** A limit of `--fail-if` or `--fail-on` is broken, or there were too few traces to judge it. */
  broken: 1,
  /** Wrong use: options, a trace that is not there, a file that cannot be read, a port that is taken. */
  wrongUse: 2,
  /** The source of traces does not answer. */
  unreachable: 3,
  /** A fault in Longpole itself (EX_SOFTWARE of sysexits.h). */
  fault: 70,
} as const;

/** Exit code of a command that a signal ended, as shells have it: 128 and the signal's number. */
export const EXIT_OF_SIGNAL = { SIGINT: 130, SIGTERM: 143 } as const;

export type StopSignal = keyof typeof EXIT_OF_SIGNAL;
