// Questions and answers between the runner and its processes, over the channel that fork() opens.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { keepOn } from '../processors.ts';

type Handler = (question: never) => object | Promise<object>;

/** In a child: answers each question by the handler of its name. */
export function answerQuestions(handlers: Readonly<Record<string, Handler>>): void {
  process.on('message', async (message: { id: number; ask: string }) => {
    const handler = handlers[message.ask] as ((question: object) => object | Promise<object>) | undefined;
    try {
      process.send?.({ id: message.id, ...(await handler?.(message)) });
    } catch (error) {
      process.send?.({ id: message.id, wrong: String(error) });
    }
  });
  process.on('disconnect', () => process.exit(0));
}

/** What a process needs of the runner's environment. The rest stays outside, where it cannot switch a tracer on or off. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG'];

export function inherited(): NodeJS.ProcessEnv {
  return Object.fromEntries(INHERITED.map((name) => [name, process.env[name]]));
}

interface Open {
  resolve(answer: object): void;
  reject(error: Error): void;
}

/** A process of the measurement. It ends with the runner, or when it is stopped. */
export class Worker {
  readonly #child: ChildProcess;
  readonly #open = new Map<number, Open>();
  readonly name: string;
  #lastId = 0;
  #said = '';
  /** What the process says by itself when it is ready. Rejects when it ends before. */
  readonly ready: Promise<object>;

  constructor(
    name: string,
    file: string,
    options: { env?: NodeJS.ProcessEnv; execArgv?: readonly string[] } = {},
  ) {
    this.name = name;
    this.#child = fork(file, {
      cwd: join(import.meta.dirname, '..'),
      env: { ...inherited(), ...options.env },
      execArgv: [...(options.execArgv ?? [])],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.on('data', (text) => {
      this.#said = (this.#said + text).slice(-2000);
    });
    this.ready = new Promise((resolve, reject) => this.#open.set(0, { resolve, reject }));
    this.ready.catch(() => {});
    this.#child.on('message', (message: { id?: number; wrong?: string }) => this.#take(message));
    this.#child.on('error', (error) => this.#failAll(error));
    this.#child.on('exit', (code, signal) =>
      this.#failAll(new Error(`${name} ended with ${signal ?? `code ${code}`}. It said:\n${this.#said}`)),
    );
  }

  /** @throws Error when the process cannot answer */
  ask<Answer>(ask: string, question: object = {}): Promise<Answer> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#open.set(id, { resolve: (answer) => resolve(answer as Answer), reject });
      this.#child.send({ id, ask, ...question }, (error) => {
        if (error !== null) this.#take({ id, wrong: error.message });
      });
    });
  }

  /** Has the process run on one processor only, where that can be. */
  keepOn(processor: string): void {
    if (this.#child.pid !== undefined) keepOn(processor, this.#child.pid);
  }

  /** Ends the process at once. */
  async stop(): Promise<void> {
    if (this.#hasEnded) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }

  /** Lets the process end as it would at the end of its work. */
  async end(): Promise<void> {
    if (this.#hasEnded) return;
    this.#child.disconnect();
    await once(this.#child, 'exit');
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  #take({ id = 0, wrong, ...answer }: { id?: number; wrong?: string }): void {
    const open = this.#open.get(id);
    this.#open.delete(id);
    if (wrong === undefined) open?.resolve(answer);
    else open?.reject(new Error(`${this.name} could not answer: ${wrong}`));
  }

  #failAll(error: Error): void {
    for (const { reject } of this.#open.values()) reject(error);
    this.#open.clear();
  }
}
