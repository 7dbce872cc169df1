// The backends that are measured: builds of `longpole up`, in memory and with a file, and a real Jaeger.
import { execFileSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BackendProcess, freePorts, startBackend } from './backend-process.ts';

/** A backend that runs. */
export interface Running extends BackendProcess {
  readonly otlpUrl: string;
  readonly uiUrl: string;
  /** What the backend itself says has become of the spans that were sent to it. */
  account(): Promise<Account>;
}

export interface Account {
  /** Spans that the backend has somewhere in its books: stored, evicted, refused. */
  readonly spans: number;
  readonly text: string;
}

export interface Subject {
  readonly name: string;
  /** Why it cannot be measured here. */
  readonly missing?: string;
  readonly version?: string;
  start(maxTraces: number): Promise<Running>;
}

const HOST = '127.0.0.1';
/** More than the traces take: only their number counts. */
const MAX_BYTES = '4GiB';

interface Stats {
  readonly spans: { received: number; duplicates: number; rejected: Record<string, number> };
  readonly stored: { spans: number };
  readonly evicted: { spans: number };
}

async function longpoleAccount(uiUrl: string): Promise<Account> {
  const { spans, stored, evicted } = (await (await fetch(`${uiUrl}/api/longpole/stats`)).json()) as Stats;
  const rejected = Object.values(spans.rejected).reduce((sum, count) => sum + count, 0);
  const refused = rejected + spans.duplicates;
  return {
    spans: stored.spans + evicted.spans + refused,
    text: `${stored.spans} stored + ${evicted.spans} evicted + ${refused} rejected`,
  };
}

/** The build of `longpole up` in a checkout; `hasFile` keeps its traces in a file. */
export function longpole(name: string, checkout: string, hasFile: boolean): Subject {
  return {
    name,
    async start(maxTraces) {
      const [ui = 0, otlp = 0] = await freePorts(2);
      const [uiUrl, otlpUrl] = [`http://${HOST}:${ui}`, `http://${HOST}:${otlp}`];
      const folder = mkdtempSync(join(tmpdir(), 'longpole-ingest-'));
      const flags = [
        '--ui-port',
        ui,
        '--otlp-port',
        otlp,
        '--max-traces',
        maxTraces,
        '--max-bytes',
        MAX_BYTES,
      ];
      if (hasFile) flags.push('--db', join(folder, 'traces.db'));
      const bin = join(checkout, 'observatory', 'bin', 'longpole.js');
      const command = [process.execPath, bin, 'up', ...flags.map(String)];
      const backend = await startBackend(command, `${uiUrl}/healthz`);
      const stop = async (): Promise<void> => {
        await backend.stop();
        rmSync(folder, { recursive: true });
      };
      return { pid: backend.pid, stop, otlpUrl, uiUrl, account: () => longpoleAccount(uiUrl) };
    },
  };
}

function jaegerConfig(ui: number, grpc: number, otlp: number, metrics: number, maxTraces: number): unknown {
  const prometheus = { host: HOST, port: metrics };
  return {
    extensions: {
      jaeger_storage: { backends: { memory: { memory: { max_traces: maxTraces } } } },
      jaeger_query: {
        storage: { traces: 'memory' },
        http: { endpoint: `${HOST}:${ui}` },
        grpc: { endpoint: `${HOST}:${grpc}` },
      },
    },
    receivers: { otlp: { protocols: { http: { endpoint: `${HOST}:${otlp}` } } } },
    exporters: { jaeger_storage_exporter: { trace_storage: 'memory' } },
    service: {
      extensions: ['jaeger_storage', 'jaeger_query'],
      pipelines: { traces: { receivers: ['otlp'], exporters: ['jaeger_storage_exporter'] } },
      telemetry: {
        logs: { level: 'error' },
        metrics: { level: 'basic', readers: [{ pull: { exporter: { prometheus } } }] },
        traces: { level: 'none' },
      },
    },
  };
}

/** Jaeger does not say what it has evicted: what its exporter handed to the storage is what there is. */
async function jaegerAccount(metricsUrl: string): Promise<Account> {
  const text = await (await fetch(metricsUrl)).text();
  const sum = (name: string): number =>
    [...text.matchAll(new RegExp(`^${name}(?:_total)?(?:\\{.*\\})? (\\S+)$`, 'gm'))].reduce(
      (total, [, value]) => total + Number(value),
      0,
    );
  const [stored, refused] = [sum('otelcol_exporter_sent_spans'), sum('otelcol_receiver_refused_spans')];
  return { spans: stored + refused, text: `${stored} handed to the storage + ${refused} refused` };
}

/** `JAEGER`, or the binary that .ci/engines has built. */
function findJaeger(): string | undefined {
  const given = process.env['JAEGER'];
  if (given !== undefined) return given;
  const cache = join(process.env['LONGPOLE_CACHE'] ?? join(homedir(), '.cache', 'longpole'), 'bin');
  try {
    const name = readdirSync(cache).find((file) => /^jaeger-v[\d.]+$/.test(file));
    return name === undefined ? undefined : join(cache, name);
  } catch {
    return undefined;
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** `Jaeger v2.13.0, …`: what the binary says of itself. */
function versionOf(binary: string): string {
  const said = execFileSync(binary, ['version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return /"?gitVersion"?:\s*"?([^",\s]+)/i.exec(said)?.[1] ?? said.trim().split('\n')[0] ?? '';
}

/** A real Jaeger with its memory storage, and nothing between receiver and storage. */
export function jaeger(): Subject {
  const binary = findJaeger();
  const name = 'Jaeger, in memory';
  const missing = 'no binary: set JAEGER, or have .ci/engines/sources.sh build one';
  if (binary === undefined || !isExecutable(binary)) {
    return { name, missing, start: () => Promise.reject(new Error(missing)) };
  }
  return {
    name,
    version: versionOf(binary),
    async start(maxTraces) {
      const [ui = 0, grpc = 0, otlp = 0, metrics = 0] = await freePorts(4);
      const folder = mkdtempSync(join(tmpdir(), 'longpole-ingest-'));
      const config = join(folder, 'jaeger.json');
      writeFileSync(config, JSON.stringify(jaegerConfig(ui, grpc, otlp, metrics, maxTraces)));
      const [uiUrl, otlpUrl] = [`http://${HOST}:${ui}`, `http://${HOST}:${otlp}`];
      const backend = await startBackend([binary, '--config', config], `${uiUrl}/api/services`);
      const stop = async (): Promise<void> => {
        await backend.stop();
        rmSync(folder, { recursive: true });
      };
      const account = (): Promise<Account> => jaegerAccount(`http://${HOST}:${metrics}/metrics`);
      return { pid: backend.pid, stop, otlpUrl, uiUrl, account };
    },
  };
}
