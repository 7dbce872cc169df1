// Makes the active trace context small enough to be stored with a job.

import {
  type Context,
  context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  propagation,
  ROOT_CONTEXT,
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
