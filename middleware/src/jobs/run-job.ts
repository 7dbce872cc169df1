// Runs background work in a trace of its own that is linked to the request that ordered it.

import {
  type Attributes,
  type Context,
  context,
  type Link,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  trace,
} from '@opentelemetry/api';
import { isOrdinal, isRecord, isString } from '../options/checks.ts';
import { type Check, parseOptions } from '../options/parse-options.ts';
import { nameService } from '../shaping/index.ts';
import { now, toHrTime } from '../shared/clock.ts';
import { startSpanSafely } from '../spans/start-span.ts';
import { runInSpan } from '../spans/with-span.ts';
import {
  type CarriedContext,
  carriedContext,
  carriedJobId,
  carriedService,
  isJobId,
  type JobId,
  MESSAGE_ID,
} from './carry-context.ts';

export interface JobOptions {
  /** Name of the CONSUMER span. */
  readonly name: string;
  /** What `carryContext()` returned where the job was ordered. Defaults to none: a trace without a link. */
  readonly from?: CarriedContext | null | undefined;
  readonly attributes?: Attributes | undefined;
  /** Number of this try, from 1; later tries are traces of their own with the same link. Defaults to `1`. */
  readonly attempt?: number | undefined;
  /** The job's id, as `messaging.message.id`, a string. Defaults to the one that `carryContext({ jobId })` was given. */
  readonly id?: JobId | undefined;
}

const CHECKS: Record<keyof JobOptions, Check> = {
  name: isString,
  // Checked where it is read, with the error code that tells of stored data.
  from: () => undefined,
  attributes: isRecord,
  attempt: isOrdinal,
  id: isJobId,
};

/**
 * Runs `work` as a CONSUMER span, the root of a new trace, linked to the span the job came from and with its baggage;
 * nothing else of the caller's context is active in it. What it throws is recorded and thrown on.
 *
 * Rejects with a `LongpoleError` on wrong options, before `work` has run.
 */
export async function runJob<T>(options: JobOptions, work: (span: Span) => T | Promise<T>): Promise<T> {
  parseOptions('runJob()', options, CHECKS, ['name']);
  const carried = carriedContext(options.from);
  const id = options.id ?? carriedJobId(options.from);
  const start = now();
  const span = startSpanSafely(
    options.name,
    {
      kind: SpanKind.CONSUMER,
      links: linksTo(carried),
      attributes: {
        ...(id !== undefined && { [MESSAGE_ID]: String(id) }),
        ...options.attributes,
        'longpole.job.attempt': options.attempt ?? 1,
      },
      startTime: toHrTime(start),
    },
    ROOT_CONTEXT,
  );
  const service = carriedService(options.from);
  if (service !== undefined) nameService(span, service);
  return await context.with(baggageOf(carried), () => runInSpan(span, start, work));
}

function linksTo(carried: Context): Link[] {
  const origin = trace.getSpanContext(carried);
  return origin === undefined ? [] : [{ context: origin }];
}

function baggageOf(carried: Context): Context {
  const baggage = propagation.getBaggage(carried);
  return baggage === undefined ? ROOT_CONTEXT : propagation.setBaggage(ROOT_CONTEXT, baggage);
}
