// A span exporter that answers when and what the test says.

import { ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { AnswerError, type AnsweredResult } from '../../../src/start/export-outcome.ts';

export const SUCCESS: AnsweredResult = { code: ExportResultCode.SUCCESS };
export const BUSY: AnsweredResult = {
  code: ExportResultCode.FAILED,
  error: new AnswerError(503, undefined),
};
export const REFUSED: AnsweredResult = {
  code: ExportResultCode.FAILED,
  error: Object.assign(new Error('no'), { code: 400 }),
};

/** Answers by the script, one entry an export, and then with success; `undefined` means that it waits to be told. */
export class ScriptedExporter implements SpanExporter {
  readonly batches: ReadableSpan[][] = [];
  /** Names of the spans that were confirmed, in order. */
  readonly confirmed: string[] = [];
  readonly #script: (AnsweredResult | undefined)[];
  readonly #waiting: ((result: AnsweredResult) => void)[] = [];
  readonly #onExport: (() => void)[] = [];
  isShutDown = false;

  constructor(...script: (AnsweredResult | undefined)[]) {
    this.#script = script;
  }

  export(spans: ReadableSpan[], done: (result: AnsweredResult) => void): void {
    this.batches.push(spans);
    const result = this.#script.length > 0 ? this.#script.shift() : SUCCESS;
    const answer = (given: AnsweredResult): void => {
      if (given.code === ExportResultCode.SUCCESS) this.confirmed.push(...spans.map(({ name }) => name));
      done(given);
    };
    if (result === undefined) this.#waiting.push(answer);
    else answer(result);
    for (const listener of this.#onExport.splice(0)) listener();
  }

  /** Answers the oldest export that waits. */
  answer(result: AnsweredResult): void {
    this.#waiting.shift()?.(result);
  }

  /** Resolves at the next export. */
  nextExport(): Promise<void> {
    return new Promise((resolve) => this.#onExport.push(resolve));
  }

  async shutdown(): Promise<void> {
    this.isShutDown = true;
  }
}
