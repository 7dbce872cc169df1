// A route is one way spans take: the processor that collects them and the exporter that sends them.

import { ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { reportFault } from '../shared/guard.ts';
import { BatchProcessor, type ExportObserver } from './batch-processor.ts';
import { batchLimits } from './environment.ts';
import { type ExitLimits, postWhileExiting } from './exit-post.ts';
import type { ChosenExporter } from './exporters.ts';

export interface Route extends ChosenExporter {
  readonly processor: BatchProcessor;
}

/** How long the exit of the process may be held up by a backend that does not answer the last try. */
const LONGEST_ANSWER_MS = 2000;
/** The same where the backend was away already. */
const LONGEST_ANSWER_WHEN_AWAY_MS = 500;

export function makeRoute(chosen: ChosenExporter, flushDeadlineMs: number, observer: ExportObserver): Route {
  return {
    ...chosen,
    processor: new BatchProcessor(chosen.exporter, batchLimits(flushDeadlineMs), observer),
  };
}

/**
 * Sends what the backend has not confirmed and waits for it; what cannot be sent is dropped as `exit`.
 *
 * @returns how many spans were lost
 */
export function sendNow(route: Route, deadlineMs: number): number {
  const { processor } = route;
  const spans = processor.takeUnconfirmed();
  if (spans.length === 0) return 0;
  const longestMs = processor.isAway ? LONGEST_ANSWER_WHEN_AWAY_MS : LONGEST_ANSWER_MS;
  const limits = { wholeMs: deadlineMs, backendMs: Math.min(deadlineMs, longestMs) };
  const sent = trySending(spans, route, limits);
  const lost = spans.length - sent;
  processor.settle(sent, undefined);
  processor.settle(lost, 'exit');
  return lost;
}

function trySending(spans: ReadableSpan[], { exporter, otlp }: Route, limits: ExitLimits): number {
  if (limits.wholeMs <= 0) return 0;
  try {
    if (otlp !== undefined) return postWhileExiting(spans, otlp, limits);
    let isDone = false;
    exporter.export(spans, ({ code }) => {
      isDone = code === ExportResultCode.SUCCESS;
    });
    return isDone ? spans.length : 0;
  } catch (error) {
    reportFault('sending at exit', error);
    return 0;
  }
}

/** Ended spans that were given up, whatever for. */
export function givenUp({ processor }: Route): number {
  return Object.values(processor.stats().dropped).reduce((sum, count) => sum + count, 0);
}
