// Runs `longpole bottleneck` for one trace and lets it write to this terminal.
import { spawn } from 'node:child_process';
import { nodeArguments, type ProgramKind } from './node-arguments.ts';
import type { Terminal } from './terminal.ts';

export interface ShowOptions extends ProgramKind {
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Base URL of the backend's query API. */
  readonly source: string;
  readonly terminal: Terminal;
  readonly stop: AbortSignal;
}

/** Resolves with the exit code of the command; null when it was ended by a signal. */
export function showBottleneck(traceId: string, options: ShowOptions): Promise<number | null> {
  const program = nodeArguments('observatory', 'cli/main', options);
  const args = [...program, 'bottleneck', traceId, '--wait', '10', '--source', options.source];
  const child = spawn(process.execPath, args, {
    cwd: options.root,
    env: options.environment,
    stdio: options.terminal.isInteractive ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    signal: options.stop,
  });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => options.terminal.out(text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => options.terminal.err(text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}
