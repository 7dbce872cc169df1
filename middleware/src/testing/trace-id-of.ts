// Finds the id of the trace that a response belongs to.

import { show } from '../options/parse-options.ts';
import { LongpoleError } from '../shared/errors.ts';
import type { TraceOrigin } from './traces.ts';

const TRACE_ID = /^(?!0+$)[0-9a-f]{32}$/;
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;

/** @throws LongpoleError `ERR_LONGPOLE_NO_TRACE` where there is none */
export function traceIdOf(origin: TraceOrigin): string {
  if (typeof origin === 'string') return idIn(origin) ?? refuse(`${show(origin)} is no trace id`);
  if (typeof origin !== 'object' || origin === null)
    return refuse(`traces.of() takes a response, but received ${show(origin)}`);
  const header = headerOf(origin);
  if (typeof header === 'string') {
    return idIn(header) ?? refuse(`the traceresponse header ${show(header)} has no trace id in it`);
  }
  const { headers } = origin as { headers?: object };
  return refuse(
    headers === undefined && 'then' in origin
      ? 'traces.of() received a promise of a response: await the response first'
      : 'the response has no traceresponse header: the application does not use tracing(), or with responseHeader: false, or the request is on its ignore list (health checks are). traces.waitFor() finds traces without a response',
  );
}

function idIn(text: string): string | undefined {
  const id = TRACEPARENT.exec(text)?.[1] ?? text;
  return TRACE_ID.test(id) ? id : undefined;
}

function headerOf(origin: object): unknown {
  const { headers = origin } = origin as { headers?: object | null };
  if (headers === null) return undefined;
  const { get } = headers as { get?: unknown };
  if (typeof get === 'function') return get.call(headers, 'traceresponse') ?? undefined;
  const entry = Object.entries(headers).find(([name]) => name.toLowerCase() === 'traceresponse');
  return Array.isArray(entry?.[1]) ? entry[1][0] : entry?.[1];
}

function refuse(reason: string): never {
  throw new LongpoleError('ERR_LONGPOLE_NO_TRACE', `No trace to look for: ${reason}.`);
}
