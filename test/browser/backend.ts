// The backend as people run it, on free ports, and traces sent to it over OTLP.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const PROGRAM = resolve(__dirname, '../../observatory/bin/longpole.js');

export interface RunningBackend {
  readonly uiUrl: string;
  send(spans: readonly object[], service?: string): Promise<void>;
  stop(): Promise<void>;
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.setEncoding('utf8');
  while (!text.includes('\n')) {
    const [chunk] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [string];
    text += chunk;
  }
  return text;
}

export async function startBackend(): Promise<RunningBackend> {
  const args = [PROGRAM, 'up', '--ui-port', '0', '--otlp-port', '0'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [otlpUrl = '', uiUrl = ''] = (await firstLine(child)).match(/http:\/\/[\d.]+:\d+/g) ?? [];
  const send = async (spans: readonly object[], service = 'web'): Promise<void> => {
    const attributes = [{ key: 'service.name', value: { stringValue: service } }];
    const body = JSON.stringify({ resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans }] }] });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${otlpUrl}/v1/traces`, { method: 'POST', headers, body });
    const text = await answer.text();
    if (!answer.ok || text.includes('rejectedSpans')) throw new Error(`${answer.status} ${text}`);
  };
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return { uiUrl, send, stop };
}

/** 16 or 32 hex digits from a number. */
export function hexId(number: number, digits: 16 | 32): string {
  return number.toString(16).padStart(digits, '0');
}

export interface SpanSeed {
  readonly trace?: number;
  readonly id: number;
  readonly parent?: number;
  readonly name?: string;
  readonly kind?: number;
  /** Milliseconds after the test's own epoch, and of its length. */
  readonly at?: number;
  readonly ms?: number;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly more?: object;
}

const EPOCH_NS = BigInt(Date.now() - 3_600_000) * 1_000_000n;

/** A span in OTLP JSON. */
export function span({
  trace = 1,
  id,
  parent,
  name = 'work',
  kind = 1,
  at = 0,
  ms = 1,
  attributes = {},
  more = {},
}: SpanSeed): object {
  const startNs = EPOCH_NS + BigInt(Math.round(at * 1e6));
  return {
    traceId: hexId(trace, 32),
    spanId: hexId(id, 16),
    ...(parent !== undefined && { parentSpanId: hexId(parent, 16) }),
    name,
    kind,
    startTimeUnixNano: String(startNs),
    endTimeUnixNano: String(startNs + BigInt(Math.round(ms * 1e6))),
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: { stringValue: value } })),
    ...more,
  };
}
