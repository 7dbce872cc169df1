// Parameters of the page's list of traces.
import { z } from 'zod';
import type { TraceQuery, TraceSummary } from '../../store/index.ts';
import { ApiError } from '../api-error.ts';
import {
  booleanParameter,
  limitParameter,
  type Parameter,
  parameter,
  parseParameters,
} from '../parameters.ts';

const DEFAULT_LIMIT = 1_000;
const MAX_NS = 2n ** 63n - 1n;

function parseMs(text: string): bigint | undefined {
  const ms = Number(text);
  if (text.trim() === '' || !Number.isFinite(ms) || ms < 0 || ms > 9e15) return undefined;
  return BigInt(Math.round(ms * 1_000)) * 1_000n;
}

function parsePair(text: string): [string, string] | undefined {
  const at = text.indexOf('=');
  return at > 0 ? [text.slice(0, at), text.slice(at + 1)] : undefined;
}

export const milliseconds: Parameter<bigint> = parameter('milliseconds, a number of at least 0', parseMs);

const LIST = z.object({
  service: z.string().optional(),
  operation: z.string().optional(),
  attribute: z.array(parameter('key=value', parsePair)).default([]),
  errors: booleanParameter.default(false),
  jobs: booleanParameter.default(true),
  minDurationMs: milliseconds.default(0n),
  maxDurationMs: milliseconds.default(MAX_NS),
  startMs: milliseconds.default(0n),
  endMs: milliseconds.default(MAX_NS),
  limit: limitParameter.default(DEFAULT_LIMIT),
});

/** CONSUMER, as OTLP numbers it. */
const CONSUMER = 5;

/** Whether a trace begins with the processing of a message. */
export function isJob({ rootKind }: Pick<TraceSummary, 'rootKind'>): boolean {
  return rootKind === CONSUMER;
}

/** What is asked for: `search` where spans must be looked at, and a test of the trace as a whole. */
export interface ListRequest {
  readonly search: TraceQuery | undefined;
  readonly limit: number;
  accepts(trace: TraceSummary): boolean;
}

/** Reads the query string; the message of the error names the parameter, the value and what is expected. */
export function parseListRequest(parameters: URLSearchParams): ListRequest {
  const given = parseParameters(LIST, parameters, ['attribute']);
  const { service, operation, attribute, errors, jobs, minDurationMs, maxDurationMs, startMs, endMs, limit } =
    given;
  if (maxDurationMs < minDurationMs) throw new ApiError(400, 'maxDurationMs must not be below minDurationMs');
  if (endMs < startMs) throw new ApiError(400, 'endMs must not be before startMs');
  const asksForSpans = service !== undefined || operation !== undefined || attribute.length > 0;
  return {
    limit,
    search: asksForSpans
      ? {
          limit: 10_000,
          startMaxNs: endMs,
          attributes: new Map(attribute),
          ...(service !== undefined && { service }),
          ...(operation !== undefined && { operation }),
        }
      : undefined,
    accepts: (trace) =>
      (!errors || trace.errors > 0) &&
      (jobs || !isJob(trace)) &&
      trace.durationNs >= minDurationMs &&
      trace.durationNs <= maxDurationMs &&
      trace.startNs >= startMs &&
      trace.startNs <= endMs,
  };
}
