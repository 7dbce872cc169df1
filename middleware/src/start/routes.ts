// A route is one way spans take: the processor that collects them and the exporter that sends them.

import { ExportResultCode } from '@opentelemetry/core';
import { reportFault } from '../shared/guard.ts';
import { BatchProcessor, type ExportObserver } from './batch-processor.ts';
import { batchLimits } from './environment.ts';
import { type ExitLimits, postWhileExiting } from './exit-post.ts';
import type { ChosenExporter } from './exporters.ts';
import type { Batch } from './outbox.ts';

export interface Route extends ChosenExporter {
  readonly processor: BatchProcessor;
}

/** How long the exit of the process may be held up by a backend that does not answer the last try. */
const LONGEST_ANSWER_MS = 2000;
/** The same where the backend was away already. */
const LONGEST_ANSWER_WHEN_AWAY_MS = 500;

export function makeRoute(chosen: ChosenExporter, flushDeadlineMs: number, observer: ExportObserver): Route {
  const { shipping } = chosen;
  const limits = batchLimits(flushDeadlineMs);
  return {
    ...chosen,
    processor: new BatchProcessor(shipping.exporter, shipping.queue(limits), limits, observer),
  };
}

/**
 * Sends what the backend has not confirmed and waits for it; what cannot be sent is dropped as `exit`.
 *
 * @returns how many spans were lost
 */
export function sendNow(route: Route, deadlineMs: number): number {
  const { processor } = route;
  const batches = processor.takeUnconfirmed();
  if (batches.length === 0) return 0;
  const longestMs = processor.isAway ? LONGEST_ANSWER_WHEN_AWAY_MS : LONGEST_ANSWER_MS;
  const limits = { wholeMs: deadlineMs, backendMs: Math.min(deadlineMs, longestMs) };
  const taken = trySending(batches, route, limits);
  const lost = lengthOf(batches.slice(taken));
  processor.settle(lengthOf(batches.slice(0, taken)), undefined);
  processor.settle(lost, 'exit');
  return lost;
}

/** How many of the batches, from the first on, were taken. */
function trySending(batches: Batch[], { shipping, otlp }: Route, limits: ExitLimits): number {
  if (limits.wholeMs <= 0) return 0;
  const { exporter } = shipping;
  try {
    if (otlp !== undefined) {
      const bodies = batches.flatMap((batch) => shipping.bodyOf?.(batch) ?? []);
      return postWhileExiting(bodies, otlp, limits);
    }
    const refused = batches.findIndex((batch) => {
      let isDone = false;
      exporter.export(batch, ({ code }) => {
        isDone = code === ExportResultCode.SUCCESS;
      });
      return !isDone;
    });
    return refused < 0 ? batches.length : refused;
  } catch (error) {
    reportFault('sending at exit', error);
    return 0;
  }
}

function lengthOf(batches: readonly Batch[]): number {
  return batches.reduce((sum, { length }) => sum + length, 0);
}

/** Ended spans that were given up, whatever for. */
export function givenUp({ processor }: Route): number {
  return Object.values(processor.stats().dropped).reduce((sum, count) => sum + count, 0);
}
