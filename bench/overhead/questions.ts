// Questions and answers between the runner and its processes, over the channel that fork() opens.

import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

type Handlers = Readonly<Record<string, (question: never) => object | Promise<object>>>;

/** In a child: answers each question by the handler of its name. */
export function answerQuestions(handlers: Handlers): void {
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

/** A process of the measurement. It ends with the runner, or when it is stopped. */
export class Worker {
  readonly #child: ChildProcess;
  readonly #open = new Map<number, (answer: never) => void>();
  readonly name: string;
  #lastId = 0;
  #firstWord: (message: object) => void = () => {};
  #fail: (error: Error) => void = () => {};
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
      env: { ...process.env, ...options.env },
      execArgv: [...(options.execArgv ?? [])],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.ready = new Promise((resolve, reject) => {
      this.#firstWord = resolve;
      this.#fail = reject;
    });
    this.ready.catch(() => {});
    let said = '';
    this.#child.stderr?.on('data', (text) => {
      said = (said + text).slice(-2000);
    });
    this.#child.on('exit', (code) =>
      this.#fail(new Error(`${name} ended with code ${code}. It said:\n${said}`)),
    );
    this.#child.on('message', (message: { id?: number }) => {
      if (message.id === undefined) this.#firstWord(message);
      else this.#open.get(message.id)?.(message as never);
    });
  }

  /** @throws Error when the process cannot answer */
  ask<Answer>(ask: string, question: object = {}): Promise<Answer> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#open.set(id, (answer: Answer & { wrong?: string }) => {
        this.#open.delete(id);
        if (answer.wrong === undefined) resolve(answer);
        else reject(new Error(`${this.name} could not answer ${ask}: ${answer.wrong}`));
      });
      this.#child.send({ id, ask, ...question });
    });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await gone;
  }
}
