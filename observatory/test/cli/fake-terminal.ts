// A terminal for tests: remembers what was written and lets the test move time and ask for the end.
import { runCli } from '../../src/cli/run-cli.ts';
import type { Terminal } from '../../src/cli/terminal.ts';

export interface Run {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
  /** Files that were written. */
  readonly files: ReadonlyMap<string, string>;
}

export interface Surroundings {
  readonly env?: Record<string, string>;
  /** Columns of a terminal; without it standard output is a pipe. */
  readonly columns?: number;
  readonly stdin?: string;
  readonly now?: number;
  /** Called with how to ask for the end, once the command listens for that. */
  readonly onListening?: (stop: (signal?: 'SIGINT' | 'SIGTERM') => void) => void;
  /** Whether standard error is a terminal. */
  readonly isErrorTty?: boolean;
  readonly writeFile?: Terminal['writeFile'];
  /** How far the clock moves whenever it is looked at. */
  readonly tickMs?: number;
  /** Called with every piece of standard output. */
  readonly onOut?: (text: string) => void;
}

/** Runs `longpole` in this process. Sleeping takes no time but moves the clock. */
export async function runLongpole(args: readonly string[], surroundings: Surroundings = {}): Promise<Run> {
  const { env = {}, columns, stdin = '', now = Date.parse('2026-11-22T12:00:00Z') } = surroundings;
  let clock = 0;
  let out = '';
  let err = '';
  const files = new Map<string, string>();
  const terminal: Terminal = {
    stdout: {
      write: (text) => {
        out += text;
        surroundings.onOut?.(text);
      },
      isTTY: columns !== undefined,
      columns,
    },
    stderr: {
      write: (text) => {
        err += text;
      },
      isTTY: surroundings.isErrorTty ?? false,
      columns,
    },
    stdin: (async function* () {
      yield stdin;
    })(),
    env,
    now: () => now,
    clock: () => {
      clock += surroundings.tickMs ?? 0;
      return clock;
    },
    sleep: async (ms) => {
      clock += ms;
    },
    onStop: (stop) => {
      surroundings.onListening?.((signal = 'SIGINT') => stop(signal));
      return () => undefined;
    },
    writeFile:
      surroundings.writeFile ??
      (async (path, text) => {
        files.set(path, text);
      }),
    version: '1.2.3',
  };
  const exitCode = await runCli(args, terminal);
  return { exitCode, out, err, files };
}
