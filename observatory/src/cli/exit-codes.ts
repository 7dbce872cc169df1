// Exit codes of every command.

export const EXIT = {
  /** All is well. */
  fine: 0,
  /** Wrong use: options, a trace that is not there, a file that cannot be read, a port that is taken. */
  wrongUse: 2,
  /** The source of traces does not answer. */
  unreachable: 3,
} as const;
