// Parameters of Jaeger's third query API (/api/v3): camel case, and snake case as it was before.
import { z } from 'zod';
import type { TraceQuery } from '../store/index.ts';
import { ApiError } from './api-error.ts';
import { kindParameter } from './legacy-query.ts';
import { booleanParameter, limitParameter, parameter, parseParameters } from './parameters.ts';
import { parseDurationNs } from './parse-duration.ts';
import { parseJsonTags } from './parse-tags.ts';
import { parseRfc3339Ns } from './parse-time.ts';

const DEFAULT_SEARCH_DEPTH = 100;

/** Former names of parameters. */
const ALIASES: Readonly<Record<string, string>> = {
  'query.service_name': 'query.serviceName',
  'query.operation_name': 'query.operationName',
  'query.start_time_min': 'query.startTimeMin',
  'query.start_time_max': 'query.startTimeMax',
  'query.search_depth': 'query.searchDepth',
  'query.num_traces': 'query.searchDepth',
  'query.duration_min': 'query.durationMin',
  'query.duration_max': 'query.durationMax',
  'query.raw_traces': 'query.rawTraces',
  span_kind: 'spanKind',
};

const time = parameter('an RFC 3339 time such as 2026-11-22T10:00:00Z', parseRfc3339Ns);
const duration = parameter('a duration such as 1.2s, 100ms or 250us', parseDurationNs);
const attributes = parameter('a JSON object of strings such as {"error":"true"}', parseJsonTags);

const TRACES = z.object({
  'query.serviceName': z.string().optional(),
  'query.operationName': z.string().optional(),
  'query.attributes': attributes.default([]),
  'query.startTimeMin': time.optional(),
  'query.startTimeMax': time.optional(),
  'query.searchDepth': limitParameter.default(DEFAULT_SEARCH_DEPTH),
  'query.durationMin': duration.optional(),
  'query.durationMax': duration.optional(),
  'query.rawTraces': booleanParameter.optional(),
});

const OPERATIONS = z.object({
  service: z.string({ error: 'it is required: /api/v3/services lists the services' }),
  spanKind: kindParameter.optional(),
});

function canonical(search: URLSearchParams): URLSearchParams {
  const named = new URLSearchParams();
  for (const [name, value] of search) if (ALIASES[name] === undefined) named.append(name, value);
  for (const [name, value] of search) {
    const current = ALIASES[name];
    if (current !== undefined && !named.get(current)) named.append(current, value);
  }
  return named;
}

/** Reads the parameters of a search. As in Jaeger the time window is required, the service is not. */
export function parseV3TraceQuery(search: URLSearchParams): TraceQuery {
  const given = parseParameters(TRACES, canonical(search));
  const startMinNs = given['query.startTimeMin'];
  const startMaxNs = given['query.startTimeMax'];
  if (startMinNs === undefined || startMaxNs === undefined) {
    throw new ApiError(
      400,
      'query.startTimeMin and query.startTimeMax are required: RFC 3339 times such as 2026-11-22T10:00:00Z',
    );
  }
  if (startMinNs >= startMaxNs) {
    throw new ApiError(400, 'query.startTimeMin must be before query.startTimeMax');
  }
  const durationMinNs = given['query.durationMin'];
  const durationMaxNs = given['query.durationMax'];
  const service = given['query.serviceName'];
  const operation = given['query.operationName'];
  return {
    startMinNs,
    startMaxNs,
    attributes: new Map(given['query.attributes']),
    limit: given['query.searchDepth'],
    ...(service !== undefined && { service }),
    ...(operation !== undefined && { operation }),
    ...(durationMinNs !== undefined && { durationMinNs }),
    ...(durationMaxNs !== undefined && durationMaxNs !== 0n && { durationMaxNs }),
  };
}

/** Reads the parameters of /api/v3/operations. */
export function parseV3OperationRequest(search: URLSearchParams): {
  service: string;
  spanKind?: number | undefined;
} {
  return parseParameters(OPERATIONS, canonical(search));
}
