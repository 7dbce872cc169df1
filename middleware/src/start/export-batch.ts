// Hands one batch to an exporter and waits for the result, whatever the exporter does.

import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { ExportResultCode, suppressTracing } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { AnsweredResult } from './export-outcome.ts';

/** Never rejects: an exporter that throws, or has not answered when the time is up, has failed. */
export function exportBatch(
  exporter: SpanExporter,
  batch: ReadableSpan[],
  timeoutMs: number,
): Promise<AnsweredResult> {
  return new Promise((resolve) => {
    const settle = (result: AnsweredResult): void => {
      clearTimeout(timer);
      resolve(result);
    };
    const fail = (error: unknown): void =>
      settle({
        code: ExportResultCode.FAILED,
        error: error instanceof Error ? error : new Error(String(error)),
      });
    const timer = setTimeout(() => fail(new Error('the export timed out')), timeoutMs).unref();
    context.with(suppressTracing(ROOT_CONTEXT), () => {
      Promise.resolve(batch[0]?.resource.waitForAsyncAttributes?.())
        .then(() => exporter.export(batch, settle))
        .catch(fail);
    });
  });
}
