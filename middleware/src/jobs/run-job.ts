// Runs background work in a trace of its own that is linked to the request that ordered it.

import { type Attributes, type Link, type Span, SpanKind, trace } from '@opentelemetry/api';
import { isCount, isString } from '../options/checks.ts';
import { type Check, parseOptions } from '../options/parse-options.ts';
import { now, toHrTime } from '../shared/clock.ts';
import { PACKAGE, VERSION } from '../shared/version.ts';
import { runInSpan } from '../spans/with-span.ts';
import { type CarriedContext, carriedSpan } from './carry-context.ts';

export interface JobOptions {
  /** Name of the CONSUMER span. */
  readonly name: string;
  /** What `carryContext()` returned where the job was ordered. Defaults to none: a trace without a link. */
  readonly from?: CarriedContext | undefined;
  readonly attributes?: Attributes | undefined;
  /** Number of this try, from 1; later tries are traces of their own with the same link. Defaults to `1`. */
  readonly attempt?: number | undefined;
}

const anything: Check = () => undefined;

/**
 * Runs `work` as a CONSUMER span, the root of a new trace, linked to the span the job came from. What it throws is
 * recorded and thrown on.
 *
 * @throws LongpoleError on wrong options, before `work` has run
 */
export async function runJob<T>(options: JobOptions, work: (span: Span) => T | Promise<T>): Promise<T> {
  parseOptions('runJob()', options, {
    name: isString,
    from: anything,
    attributes: anything,
    attempt: isCount,
  });
  const origin = options.from === undefined ? undefined : carriedSpan(options.from);
  const links: Link[] = origin === undefined ? [] : [{ context: origin }];
  const start = now();
  const span = trace.getTracer(PACKAGE, VERSION).startSpan(options.name, {
    root: true,
    kind: SpanKind.CONSUMER,
    links,
    attributes: { ...options.attributes, 'longpole.job.attempt': options.attempt ?? 1 },
    startTime: toHrTime(start),
  });
  return runInSpan(span, start, work);
}
