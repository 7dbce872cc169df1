// Runs one of the apps as a process of its own and records how it ends and what it says.

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

export interface AppOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Node's own arguments, beside those that make it run the sources. */
  readonly nodeArguments?: readonly string[];
  readonly arguments?: readonly string[];
  /** Another Node than the one of the tests. */
  readonly node?: string;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From `stop` or from the start on, in milliseconds. */
  readonly tookMs: number;
}

const MIDDLEWARE = join(__dirname, '..', '..', '..');

/** The environment of the tests without what would change the apps. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(OTEL_|LONGPOLE_|NODE_OPTIONS$|JEST_|NODE_ENV$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

export class RunningApp {
  readonly ended: Promise<Ending>;
  readonly #child: ChildProcess;
  #stdout = '';
  #stderr = '';
  #sinceMs = performance.now();
  readonly #onOutput: (() => void)[] = [];

  constructor(app: string, options: AppOptions = {}) {
    const { env = {}, nodeArguments = [], node = process.execPath } = options;
    this.#child = spawn(
      node,
      [
        '--conditions=longpole-source',
        ...nodeArguments,
        join('test', 'start', 'apps', app),
        ...(options.arguments ?? []),
      ],
      { cwd: MIDDLEWARE, env: { ...cleanEnvironment(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#heard(() => (this.#stdout += chunk.toString())));
    this.#child.stderr?.on('data', (chunk: Buffer) => this.#heard(() => (this.#stderr += chunk.toString())));
    this.ended = new Promise((resolve) =>
      this.#child.once('close', (code, signal) =>
        resolve({
          code,
          signal,
          stdout: this.#stdout,
          stderr: this.#stderr,
          tookMs: performance.now() - this.#sinceMs,
        }),
      ),
    );
  }

  /** The URL the app listens on, once it does. */
  async url(): Promise<string> {
    const [, port] = await this.#says('stdout', /^ready (\d+)$/m);
    return `http://127.0.0.1:${port}`;
  }

  /** Resolves when the app has written something that matches to standard error. */
  async complains(pattern: RegExp): Promise<void> {
    await this.#says('stderr', pattern);
  }

  /** Sends a signal and waits for the end. */
  stop(signal: NodeJS.Signals): Promise<Ending> {
    this.#sinceMs = performance.now();
    this.#child.kill(signal);
    return this.ended;
  }

  signal(signal: NodeJS.Signals): void {
    this.#sinceMs = performance.now();
    this.#child.kill(signal);
  }

  /** For the end of a test that went wrong. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #heard(keep: () => void): void {
    keep();
    for (const listener of [...this.#onOutput]) listener();
  }

  #says(stream: 'stdout' | 'stderr', pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(stream === 'stdout' ? this.#stdout : this.#stderr);
        if (match === null) return;
        this.#onOutput.splice(this.#onOutput.indexOf(look), 1);
        resolve(match);
      };
      this.#onOutput.push(look);
      look();
      void this.ended.then(() => reject(new Error(`it ended and said ${this.#stdout}${this.#stderr}`)));
    });
  }
}

const running: RunningApp[] = [];

export function runApp(app: string, options?: AppOptions): RunningApp {
  const started = new RunningApp(app, options);
  running.push(started);
  return started;
}

/** Ends every app that is still running; for `afterEach`. */
export async function endAllApps(): Promise<void> {
  const left = running.splice(0);
  for (const app of left) app.kill();
  await Promise.all(left.map((app) => app.ended));
}
