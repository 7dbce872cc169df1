// Hands one batch to an exporter and waits for the result, whatever the exporter does.

import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { ExportResultCode, suppressTracing } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { AnsweredResult } from './export-outcome.ts';
import type { Batch, BatchExporter } from './outbox.ts';

/** Never rejects: an exporter that throws, or has not answered when the time is up, has failed. */
export function exportBatch<B extends Batch>(
  exporter: BatchExporter<B>,
  batch: B,
  resource: Resource | undefined,
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
      Promise.resolve(resource?.waitForAsyncAttributes?.())
        .then(() => exporter.export(batch, settle))
        .catch(fail);
    });
  });
}
