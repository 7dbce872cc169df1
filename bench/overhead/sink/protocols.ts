// What the fake servers answer to each tracer, and how they count the spans that arrive.

import { createRequire } from 'node:module';
import type { Protocol } from '../variants.ts';
import { countJson, countProtobuf } from './count-otlp.ts';

/** A request as it came, its body unpacked. */
export interface Received {
  readonly path: string;
  readonly type: string;
  /** The name and port by which the fake server was called. */
  readonly host: string;
  readonly body: Buffer;
}

export interface Answer {
  readonly spans: number;
  /** JSON, or nothing for an empty answer. */
  readonly body?: unknown;
}

type Msgpack = { decode(bytes: Uint8Array): unknown };

let msgpack: Msgpack | undefined;

/** The packages of this folder are not installed where only the types are checked. */
function decodeMsgpack(bytes: Uint8Array): unknown {
  msgpack ??= createRequire(`${process.cwd()}/`)('@msgpack/msgpack') as Msgpack;
  return msgpack.decode(bytes);
}

export const PROTOCOLS: Readonly<Record<Protocol, (request: Received) => Answer>> = {
  otlp({ path, type, body }) {
    if (!path.endsWith('/v1/traces')) return { spans: 0, body: {} };
    return type.includes('json')
      ? { spans: countJson(body.toString()), body: {} }
      : { spans: countProtobuf(body) };
  },
  datadog({ path, body }) {
    if (path === '/info') return { spans: 0, body: { endpoints: ['/v0.4/traces'], client_drop_p0s: false } };
    if (!path.endsWith('/traces')) return { spans: 0, body: {} };
    const traces = decodeMsgpack(body) as unknown[][];
    const spans = traces.reduce((sum, trace) => sum + trace.length, 0);
    return { spans, body: { rate_by_service: { 'service:,env:': 1 } } };
  },
  elastic({ path, body }) {
    if (!path.startsWith('/intake')) return { spans: 0, body: { version: '8.15.0' } };
    const lines = body.toString().split('\n');
    return { spans: lines.filter((line) => /^\{"(transaction|span)"/.test(line)).length, body: {} };
  },
  sentry({ path, body }) {
    return { spans: path.includes('/envelope') ? countEnvelope(body.toString()) : 0, body: {} };
  },
  newrelic({ path, host, body }) {
    const method = new URLSearchParams(path.slice(path.indexOf('?') + 1)).get('method') ?? '';
    const spans = method === 'span_event_data' ? (JSON.parse(body.toString())[2] as unknown[]).length : 0;
    return {
      spans,
      body: { return_value: method === 'preconnect' ? { redirect_host: host } : (COLLECTOR[method] ?? null) },
    };
  },
};

/** An envelope is a header and pairs of lines: the kind of an item, and the item. A transaction holds its child spans. */
function countEnvelope(text: string): number {
  const lines = text.split('\n');
  let spans = 0;
  for (let i = 1; i + 1 < lines.length; i += 2) {
    const { type, item_count: items = 1 } = JSON.parse(lines[i] || '{}') as {
      type?: string;
      item_count?: number;
    };
    if (type === 'span') spans += items;
    if (type !== 'transaction') continue;
    const { spans: children = [] } = JSON.parse(lines[i + 1] ?? '{}') as { spans?: object[] };
    spans += 1 + children.length;
  }
  return spans;
}

const PERIOD_MS = 1000;
const LIMITS = {
  span_event_data: 10_000,
  analytic_event_data: 1,
  custom_event_data: 1,
  error_event_data: 1,
  log_event_data: 0,
};

const COLLECTOR: Readonly<Record<string, unknown>> = {
  connect: {
    agent_run_id: '1',
    account_id: '1',
    trusted_account_key: '1',
    primary_application_id: '1',
    data_report_period: 60,
    collect_traces: true,
    sampling_target: 1_000_000,
    sampling_target_period_in_seconds: 60,
    event_harvest_config: { report_period_ms: PERIOD_MS, harvest_limits: LIMITS },
    span_event_harvest_config: { report_period_ms: PERIOD_MS, harvest_limit: LIMITS.span_event_data },
  },
  get_agent_commands: [],
};
