// Parameters of Jaeger's first query API (/api/traces, /api/dependencies, /api/operations).
import { z } from 'zod';
import type { TraceQuery } from '../store/index.ts';
import { ApiError } from './api-error.ts';
import {
  booleanParameter,
  limitParameter,
  type Parameter,
  parameter,
  parseParameters,
  traceIdParameter,
} from './parameters.ts';
import { parseDurationNs, parseLookbackNs } from './parse-duration.ts';
import { parsePair, parseTags } from './parse-tags.ts';
import { parseUnitsNs } from './parse-time.ts';

const MICROSECOND = 1_000n;
const MILLISECOND = 1_000_000n;
const HOUR = 3_600_000n * MILLISECOND;
const SEARCH_LOOKBACK = 48n * HOUR;
const DEPENDENCY_LOOKBACK = 24n * HOUR;
const DEFAULT_LIMIT = 100;

const KINDS: readonly string[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];

const microseconds = parameter('microseconds since the Unix epoch, as a whole number', (text) =>
  parseUnitsNs(text, MICROSECOND),
);
const milliseconds = parameter('milliseconds, as a whole number', (text) => parseUnitsNs(text, MILLISECOND));
const duration = parameter('a duration such as 1.2s, 100ms or 250us', parseDurationNs);
// Jaeger UI says "custom" when start and end tell it all.
const lookback = parameter('how far to look back, such as 1h or 2d', (text) =>
  text === 'custom' ? SEARCH_LOOKBACK : parseLookbackNs(text),
);
const pair = parameter('key:value', parsePair);
const tags = parameter('a JSON object of strings such as {"error":"true"}, or key:value', parseTags);

/** A kind of span by its lower-case word, as its number in OTLP. */
export const kindParameter: Parameter<number> = parameter(`one of ${KINDS.join(', ')}`, (text) => {
  const kind = KINDS.indexOf(text.toLowerCase());
  return kind === -1 ? undefined : kind;
});

const TRACES = z.object({
  service: z.string().optional(),
  operation: z.string().optional(),
  tag: z.array(pair).default([]),
  tags: z.array(tags).default([]),
  start: microseconds.optional(),
  end: microseconds.optional(),
  lookback: lookback.default(SEARCH_LOOKBACK),
  minDuration: duration.optional(),
  maxDuration: duration.optional(),
  limit: limitParameter.default(DEFAULT_LIMIT),
  traceID: z.array(traceIdParameter).default([]),
  raw: booleanParameter.optional(),
});

/** A request for traces: by their ids where there are any, by a search otherwise. */
export type LegacyTraceRequest = { readonly traceIds: readonly string[] } | { readonly query: TraceQuery };

type Traces = z.output<typeof TRACES>;

function checkRanges({ minDuration = 0n, maxDuration = 0n }: Traces, startNs: bigint, endNs: bigint): void {
  if (maxDuration !== 0n && maxDuration < minDuration) {
    throw new ApiError(400, "'maxDuration' should be greater than 'minDuration'");
  }
  if (endNs < startNs) {
    throw new ApiError(
      400,
      `'start' (${startNs / MICROSECOND}) should be before 'end' (${endNs / MICROSECOND})`,
    );
  }
}

/** Reads the parameters of a search; `nowNs` is where it ends unless `end` says otherwise. */
export function parseTraceRequest(search: URLSearchParams, nowNs: bigint): LegacyTraceRequest {
  const given = parseParameters(TRACES, search, ['tag', 'tags', 'traceID']);
  if (given.traceID.length > 0) return { traceIds: given.traceID };
  if (given.service === undefined) {
    throw new ApiError(400, "parameter 'service' is required: /api/services lists the services");
  }
  const startMaxNs = given.end ?? nowNs;
  const startMinNs = given.start ?? startMaxNs - given.lookback;
  checkRanges(given, startMinNs, startMaxNs);
  const query: TraceQuery = {
    service: given.service,
    startMinNs,
    startMaxNs,
    attributes: new Map([...given.tag.flat(), ...given.tags.flat()]),
    limit: given.limit,
    ...(given.operation !== undefined && { operation: given.operation }),
    ...(given.minDuration !== undefined && { durationMinNs: given.minDuration }),
    // Jaeger takes a maximum of 0 as none.
    ...(given.maxDuration !== undefined && given.maxDuration !== 0n && { durationMaxNs: given.maxDuration }),
  };
  return { query };
}

const DEPENDENCIES = z.object({
  endTs: milliseconds.optional(),
  lookback: milliseconds.default(DEPENDENCY_LOOKBACK),
  service: z.string().optional(),
});

export interface DependencyRequest {
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly service: string | undefined;
}

/** Reads the parameters of /api/dependencies, which count in milliseconds. */
export function parseDependencyRequest(search: URLSearchParams, nowNs: bigint): DependencyRequest {
  const { endTs, lookback: back, service } = parseParameters(DEPENDENCIES, search);
  const endNs = endTs ?? nowNs;
  return { startNs: endNs - back, endNs, service };
}

const OPERATIONS = z.object({
  service: z.string({ error: 'it is required: /api/services lists the services' }),
  spanKind: kindParameter.optional(),
});

/** Reads the parameters of /api/operations. */
export function parseOperationRequest(search: URLSearchParams): {
  service: string;
  spanKind?: number | undefined;
} {
  return parseParameters(OPERATIONS, search);
}
