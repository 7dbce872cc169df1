// The real Jaeger, Zipkin and Collector, and the embedded backend, wired as a fan: one OTLP endpoint, every source behind it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Backend, startBackend } from '../../../observatory/src/server/index.ts';
import { type EngineProcess, freePorts, startEngine } from './engine-process.ts';

export interface Engines {
  readonly embedded: string;
  readonly jaeger: string;
  readonly zipkin: string;
  /** Takes OTLP/HTTP and hands it to the embedded backend, to Jaeger and to the files. */
  readonly collector: string;
  /** What the Collector's file exporters write, by how they write it. */
  readonly files: Readonly<Record<'json' | 'proto' | 'zstd', string>>;
  /** Ends the Collector, which then has written all it had. */
  stopCollector(): Promise<void>;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';

function needed(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is not set: run .ci/engines/sources.sh`);
  return value;
}

function writeConfig(folder: string, name: string, config: unknown): string {
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify(config));
  return path;
}

function jaegerConfig(query: number, queryGrpc: number, otlp: number): unknown {
  return {
    extensions: {
      jaeger_storage: { backends: { memory: { memory: { max_traces: 1000 } } } },
      jaeger_query: {
        storage: { traces: 'memory' },
        http: { endpoint: `${HOST}:${query}` },
        grpc: { endpoint: `${HOST}:${queryGrpc}` },
      },
    },
    receivers: { otlp: { protocols: { http: { endpoint: `${HOST}:${otlp}` } } } },
    exporters: { jaeger_storage_exporter: { trace_storage: 'memory' } },
    service: {
      extensions: ['jaeger_storage', 'jaeger_query'],
      pipelines: { traces: { receivers: ['otlp'], exporters: ['jaeger_storage_exporter'] } },
      telemetry: { metrics: { level: 'none' }, traces: { level: 'none' } },
    },
  };
}

function collectorConfig(port: number, embedded: string, jaeger: string, files: Engines['files']): unknown {
  const toHttp = (endpoint: string) => ({ endpoint, tls: { insecure: true }, compression: 'gzip' });
  return {
    receivers: { otlp: { protocols: { http: { endpoint: `${HOST}:${port}` } } } },
    exporters: {
      'otlphttp/embedded': toHttp(embedded),
      'otlphttp/jaeger': toHttp(jaeger),
      'file/json': { path: files.json },
      'file/proto': { path: files.proto, format: 'proto' },
      'file/zstd': { path: files.zstd, format: 'proto', compression: 'zstd' },
    },
    service: {
      pipelines: {
        traces: {
          receivers: ['otlp'],
          exporters: ['otlphttp/embedded', 'otlphttp/jaeger', 'file/json', 'file/proto', 'file/zstd'],
        },
      },
      telemetry: { metrics: { level: 'none' } },
    },
  };
}

function startZipkin(port: number): Promise<EngineProcess> {
  const listen = { ip: HOST, port, 'protocols[0]': 'http' };
  const args = Object.entries(listen).map(([key, value]) => `--armeria.ports[0].${key}=${value}`);
  const health = `http://${HOST}:${port}/health`;
  return startEngine('Zipkin', 'java', ['-Xmx256m', '-jar', needed('ZIPKIN_JAR'), ...args], health);
}

/** Starts everything; when one of them does not start, ends the others. */
export async function startEngines(): Promise<Engines> {
  const folder = mkdtempSync(join(tmpdir(), 'longpole-sources-'));
  const [zipkinPort = 0, query = 0, queryGrpc = 0, jaegerOtlp = 0, otlp = 0] = await freePorts(5);
  const files = { json: join(folder, 'f.json'), proto: join(folder, 'f.pb'), zstd: join(folder, 'f.zst') };
  const running: (EngineProcess | Backend)[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((one) => ('stop' in one ? one.stop() : one.close())));
    rmSync(folder, { recursive: true, force: true });
  };
  const start = async <T extends EngineProcess | Backend>(starting: Promise<T>): Promise<T> => {
    const one = await starting;
    running.push(one);
    return one;
  };
  try {
    const embedded = await start(startBackend({ uiPort: 0, otlpPort: 0 }));
    const zipkin = start(startZipkin(zipkinPort));
    const jaegerPath = writeConfig(folder, 'jaeger', jaegerConfig(query, queryGrpc, jaegerOtlp));
    const jaeger = `http://${HOST}:${query}`;
    const services = `${jaeger}/api/services`;
    await start(startEngine('Jaeger', needed('JAEGER_BINARY'), ['--config', jaegerPath], services));
    const config = collectorConfig(otlp, embedded.otlpUrl, `http://${HOST}:${jaegerOtlp}`, files);
    const collectorPath = writeConfig(folder, 'collector', config);
    const address = `http://${HOST}:${otlp}`;
    const collector = await start(
      startEngine('Collector', needed('COLLECTOR_BINARY'), ['--config', collectorPath], address),
    );
    await zipkin;
    const zipkinUrl = `http://${HOST}:${zipkinPort}`;
    const stopCollector = (): Promise<void> => collector.stop();
    return {
      embedded: embedded.uiUrl,
      jaeger,
      zipkin: zipkinUrl,
      collector: address,
      files,
      stopCollector,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
