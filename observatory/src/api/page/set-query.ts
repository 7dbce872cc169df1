// Which traces a set has: the newest of a route and a time.
import { z } from 'zod';
import type { TraceSummary } from '../../store/index.ts';
import { ApiError } from '../api-error.ts';
import { type Parameter, parameter, parseParameters } from '../parameters.ts';
import { milliseconds } from './list-query.ts';

const DEFAULT_TRACES = 300;
const MAX_TRACES = 5_000;
const MAX_NS = 2n ** 63n - 1n;

const last: Parameter<number> = parameter(`a whole number from 1 to ${MAX_TRACES}`, (text) => {
  const count = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  return count >= 1 && count <= MAX_TRACES ? count : undefined;
});

const SET = z.object({
  service: z.string().optional(),
  operation: z.string().optional(),
  startMs: milliseconds.default(0n),
  endMs: milliseconds.default(MAX_NS),
  last: last.default(DEFAULT_TRACES),
});

/** The newest `last` traces that are accepted. */
export interface SetRequest {
  readonly last: number;
  accepts(trace: TraceSummary): boolean;
}

/**
 * Reads `service` and `operation` (of the root), `startMs`, `endMs` (of the trace's start) and `last`, each with the
 * prefix if there is one: `beforeStartMs`.
 */
export function parseSetRequest(parameters: URLSearchParams, prefix = ''): SetRequest {
  const own = new URLSearchParams();
  for (const [name, value] of parameters) {
    if (prefix === '' || name === 'service' || name === 'operation' || name === 'last')
      own.append(name, value);
    else if (name.startsWith(prefix)) {
      own.append(`${name.charAt(prefix.length).toLowerCase()}${name.slice(prefix.length + 1)}`, value);
    }
  }
  const { service, operation, startMs, endMs, last: count } = parseParameters(SET, own);
  if (endMs < startMs) throw new ApiError(400, 'endMs must not be before startMs');
  return {
    last: count,
    accepts: (trace) =>
      (service === undefined || trace.rootService === service) &&
      (operation === undefined || trace.rootOperation === operation) &&
      trace.startNs >= startMs &&
      trace.startNs <= endMs,
  };
}
