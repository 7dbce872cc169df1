// Makes the active trace context, and the id of a job, small enough to be stored with the job.

import {
  type Context,
  context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  propagation,
  ROOT_CONTEXT,
  trace,
} from '@opentelemetry/api';
import { isRecord, isString } from '../options/checks.ts';
import { type Check, parseOptions, show } from '../options/parse-options.ts';
import { appServiceOf } from '../shaping/index.ts';
import { LongpoleError } from '../shared/errors.ts';
import { reportFault } from '../shared/guard.ts';
import { sayOnce } from '../shared/say.ts';
import { sharedState } from '../shared/state.ts';

/** Key of the application's name; no propagation header. */
const SERVICE = 'longpole-service';

/** The propagation headers of a span, e.g. `{ traceparent: '00-…' }`, and the job's id: plain strings, safe to serialise. */
export type CarriedContext = Readonly<Record<string, string>>;

/** What queues and databases have as the id of a job; numbers must be finite, strings not empty. */
export type JobId = string | number | bigint;

export interface CarryOptions {
  /**
   * The job's id, as a string: `messaging.message.id` of the active span, and of the CONSUMER span that `runJob()` makes of the
   * carried context, so that each end can be found from the other. Defaults to none.
   */
  readonly jobId?: JobId | undefined;
}

/** Semantic conventions for messaging. */
export const MESSAGE_ID = 'messaging.message.id';

const JOB_ID = 'longpole-job-id';

/**
 * Call it inside the span that hands the work over. Outside a trace there are no ids in it. Where it is a callback
 * (`ids.map(carryContext)`, `then(carryContext)`), what it is called with and is no object counts as no options.
 *
 * Never throws: options that cannot be used are left out, counted in `stats().faults`, and said once.
 */
export function carryContext(options: CarryOptions = {}): CarriedContext {
  const jobId = jobIdOf(options);
  const carried: Record<string, string> = {};
  const active = context.active();
  propagation.inject(active, carried, defaultTextMapSetter);
  const span = trace.getSpanContext(active);
  const service = appServiceOf(span);
  if (service !== undefined) carried[SERVICE] = service;
  if (span !== undefined) sharedState().watcher?.carried(span);
  if (jobId === undefined) return carried;
  trace.getActiveSpan()?.setAttribute(MESSAGE_ID, jobId);
  return { ...carried, [JOB_ID]: jobId };
}

/** An id that can be carried. */
export const isJobId: Check = (value) =>
  typeof value === 'bigint' || Number.isFinite(value) || isString(value) === undefined
    ? undefined
    : 'expected a non-empty string, a finite number or a bigint';

/** The application that orders a job must not fail for the sake of the job's trace. */
function jobIdOf(options: CarryOptions): string | undefined {
  if (isRecord(options) !== undefined) return undefined;
  try {
    parseOptions('carryContext()', options, { jobId: isJobId });
    return options.jobId === undefined ? undefined : String(options.jobId);
  } catch (error) {
    reportFault('carryContext()', error);
    const why = error instanceof LongpoleError ? error.message : 'its options cannot be read';
    sayOnce(`longpole: the context is carried without the job's id: ${why}`);
    return undefined;
  }
}

/** The id that `carryContext()` was given. */
export function carriedJobId(carried: CarriedContext | null | undefined): string | undefined {
  return carried?.[JOB_ID];
}

/** The application that ordered the job, where it has a name of its own and runs in this process. */
export function carriedService(carried: CarriedContext | null | undefined): string | undefined {
  const service = carried?.[SERVICE];
  return service !== undefined && sharedState().appServices.has(service) ? service : undefined;
}

/**
 * The context that `carryContext()` was called in; the root context for `undefined`, `null`, an empty object, and for
 * strings that no propagator understands, because a job must not be lost for the sake of its trace.
 *
 * @throws LongpoleError `ERR_LONGPOLE_CONTEXT_FORMAT` for anything but an object of strings
 */
export function carriedContext(carried: CarriedContext | null | undefined): Context {
  if (carried === undefined || carried === null) return ROOT_CONTEXT;
  const isRecord = typeof carried === 'object' && !Array.isArray(carried);
  if (!isRecord || Object.values(carried).some((value) => typeof value !== 'string')) {
    throw new LongpoleError(
      'ERR_LONGPOLE_CONTEXT_FORMAT',
      `\`from\` must be an object that carryContext() returned, but is ${show(carried)}. ${cureFor(carried)}`,
    );
  }
  return propagation.extract(ROOT_CONTEXT, carried, defaultTextMapGetter);
}

function cureFor(carried: unknown): string {
  return typeof carried === 'string'
    ? 'It was stored as JSON: hand in JSON.parse(…) of it.'
    : 'Store what carryContext() returns as it is, and leave `from` out where there is none.';
}
