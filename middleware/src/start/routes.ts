// A route is one way spans take: the processor that collects them and the exporter that sends them.

import { ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { reportFault } from '../shared/guard.ts';
import { BatchProcessor, type ExportObserver } from './batch-processor.ts';
import { batchLimits } from './environment.ts';
import { postWhileExiting } from './exit-post.ts';
import type { ChosenExporter } from './exporters.ts';

export interface Route extends ChosenExporter {
  readonly processor: BatchProcessor;
}

/** How long the exit of the process may be held up by the last try. */
const LONGEST_EXIT_MS = 2000;
/** The same where the backend was away already. */
const LONGEST_EXIT_WHEN_AWAY_MS = 500;

export function makeRoute(chosen: ChosenExporter, flushDeadlineMs: number, observer: ExportObserver): Route {
  return {
    ...chosen,
    processor: new BatchProcessor(chosen.exporter, batchLimits(flushDeadlineMs), observer),
  };
}

/** Sends what the backend has not confirmed and waits for it; what cannot be sent is dropped as `exit`. */
export function sendNow(route: Route, deadlineMs: number): void {
  const { processor } = route;
  const spans = processor.takeUnconfirmed();
  if (spans.length === 0) return;
  const longestMs = processor.isAway ? LONGEST_EXIT_WHEN_AWAY_MS : LONGEST_EXIT_MS;
  const sent = trySending(spans, route, Math.min(deadlineMs, longestMs));
  processor.settle(sent, undefined);
  processor.settle(spans.length - sent, 'exit');
}

function trySending(spans: ReadableSpan[], { exporter, otlp }: Route, timeoutMs: number): number {
  if (timeoutMs <= 0) return 0;
  try {
    if (otlp !== undefined) return postWhileExiting(spans, otlp, timeoutMs);
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
