// A Node process outside of Jest that makes spans and exports them: Jest's module system cannot load the OTLP exporters.

import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { BatchLimits } from '../../../src/start/batch-processor.ts';
import type { Outcome } from '../../../src/start/export-outcome.ts';
import type { SpanCounts } from '../../../src/start/types.ts';

/** What the process is asked to do with its current processor. */
export type Order =
  | { readonly do: 'start'; readonly url: string; readonly limits: Partial<BatchLimits>; readonly env: Env }
  | { readonly do: 'make'; readonly count: number; readonly name?: string; readonly attributes?: Fill }
  | { readonly do: 'forceFlush' | 'shutdown' | 'report' };

export type Env = Readonly<Record<string, string>>;

/** So many attributes of so many characters. */
export interface Fill {
  readonly count: number;
  readonly length: number;
}

export type Sums = SpanCounts;

export interface Report {
  readonly stats: Sums;
  readonly outcomes: readonly Outcome[];
  readonly isAway: boolean;
  /** How long the order took, in milliseconds. */
  readonly tookMs: number;
}

export class ExportingProcess {
  readonly #child: ChildProcess;

  constructor() {
    this.#child = fork(join(__dirname, '..', 'apps', 'exporting.ts'), {
      execPath: process.execPath,
      execArgv: ['--conditions=longpole-source'],
    });
  }

  /** A new processor, with the limits of the product where none are given. */
  start(url: string, limits: Partial<BatchLimits> = {}, env: Env = {}): Promise<Report> {
    return this.#ask({ do: 'start', url, limits, env });
  }

  /** Ends that many spans in one tick. */
  make(count: number, name = 'work', attributes: Fill = { count: 0, length: 0 }): Promise<Report> {
    return this.#ask({ do: 'make', count, name, attributes });
  }

  forceFlush(): Promise<Report> {
    return this.#ask({ do: 'forceFlush' });
  }

  shutdown(): Promise<Report> {
    return this.#ask({ do: 'shutdown' });
  }

  report(): Promise<Report> {
    return this.#ask({ do: 'report' });
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await ended;
  }

  #ask(order: Order): Promise<Report> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null): void => reject(new Error(`the process ended with ${code}`));
      this.#child.once('exit', onExit);
      this.#child.once('message', (report) => {
        this.#child.off('exit', onExit);
        resolve(report as Report);
      });
      this.#child.send(order);
    });
  }
}
