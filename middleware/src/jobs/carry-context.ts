// Makes the active trace context small enough to be stored with a job.

import {
  context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  propagation,
  ROOT_CONTEXT,
  type SpanContext,
  trace,
} from '@opentelemetry/api';
import { show } from '../options/parse-options.ts';
import { LongpoleError } from '../shared/errors.ts';

/** The propagation headers of a span, e.g. `{ traceparent: '00-…' }`: plain strings, safe to serialise. */
export type CarriedContext = Readonly<Record<string, string>>;

/** Call it inside the span that hands the work over. Outside a trace the object is empty. */
export function carryContext(): CarriedContext {
  const carried: Record<string, string> = {};
  propagation.inject(context.active(), carried, defaultTextMapSetter);
  return carried;
}

/**
 * The span that `carryContext()` was called in, or `undefined` for an empty object.
 *
 * @throws LongpoleError `ERR_LONGPOLE_CONTEXT_FORMAT` for anything that `carryContext()` cannot have made
 */
export function carriedSpan(carried: CarriedContext): SpanContext | undefined {
  const isRecord = typeof carried === 'object' && carried !== null && !Array.isArray(carried);
  if (!isRecord || Object.values(carried).some((value) => typeof value !== 'string')) {
    throw new LongpoleError(
      'ERR_LONGPOLE_CONTEXT_FORMAT',
      `\`from\` must be an object that carryContext() returned, but is ${show(carried)}.`,
    );
  }
  return trace.getSpanContext(propagation.extract(ROOT_CONTEXT, carried, defaultTextMapGetter));
}
