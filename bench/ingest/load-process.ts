// The load generator as seen from the benchmark: a child process that gets tasks.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { News, Outcome, Task } from './load.ts';

export class LoadProcess {
  readonly #child: ChildProcess;

  constructor() {
    this.#child = fork(join(import.meta.dirname, 'load.ts'));
  }

  /** Runs one task; `onAnswered` hears how many of its batches are answered, counted in their order. */
  run(task: Task, onAnswered: (batches: number) => void = () => undefined): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const onExit = (): void => reject(new Error('The load generator has ended before its time.'));
      const onNews = (news: News): void => {
        if ('answered' in news) onAnswered(news.answered);
        else {
          this.#child.off('message', onNews).off('exit', onExit);
          resolve(news.outcome);
        }
      };
      this.#child.on('message', onNews).once('exit', onExit);
      this.#child.send(task);
    });
  }

  async stop(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill();
    await gone;
  }
}
