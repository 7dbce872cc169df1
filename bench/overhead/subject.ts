// One application with one tracer, started and ready to be measured.

import { join } from 'node:path';
import type { Certificates } from './certificates.ts';
import { Worker } from './questions.ts';
import { sinkEnvironment, type Variant } from './variants.ts';
import type { Workload } from './workloads.ts';

/** What a tracer of ours says of its spans. */
export interface SpansMade {
  readonly started: number;
  readonly unsampled: number;
}

export interface Usage {
  cpuUs: number;
  rssBytes: number;
  readonly delayP99Ms: number | undefined;
  spans: SpansMade | undefined;
}

/** The processes that every subject shares. */
export interface Surroundings {
  readonly sink: Worker;
  readonly load: Worker;
  readonly targetPort: number;
  readonly certificates: Certificates | undefined;
}

export class Subject {
  readonly variant: Variant;
  readonly workload: Workload;
  readonly port: number;
  readonly #workers: readonly Worker[];
  readonly #sink: Worker;
  readonly #sinkPort: number;

  private constructor(
    variant: Variant,
    workload: Workload,
    workers: readonly Worker[],
    ports: { port: number; sink: Worker; sinkPort: number },
  ) {
    this.variant = variant;
    this.workload = workload;
    this.port = ports.port;
    this.#workers = workers;
    this.#sink = ports.sink;
    this.#sinkPort = ports.sinkPort;
  }

  /** @throws Error when the application does not start with this tracer */
  static async start(variant: Variant, workload: Workload, around: Surroundings): Promise<Subject> {
    const { sink, targetPort, certificates } = around;
    const { protocol } = variant;
    const folder = certificates?.folder;
    const sinkPort =
      protocol === undefined ? 0 : (await sink.ask<Port>('open', { protocol, certificates: folder })).port;
    const shared = {
      ...sinkEnvironment(protocol, sinkPort),
      ...(protocol === 'newrelic' && folder !== undefined
        ? { NODE_EXTRA_CA_CERTS: `${folder}/cert.pem` }
        : {}),
      ...variant.env,
      BENCH_TARGET: `http://127.0.0.1:${targetPort}/stock`,
      NODE_ENV: 'production',
    };
    const launch = (role: string, env: Record<string, string> = {}): Worker =>
      new Worker(`${variant.name} ${role}`, join(import.meta.dirname, 'apps', workload.app), {
        env: { ...shared, OTEL_SERVICE_NAME: `bench-${role}`, ...env },
        execArgv: (variant.preload ?? []).flatMap((module) => ['--require', module]),
      });
    const others = Array.from({ length: workload.others }, (_, i) => launch(`service-${i}`));
    const urls: string[] = [];
    for (const other of others) urls.push(`http://127.0.0.1:${((await other.ready) as Port).port}/work`);
    const front = launch('front', { BENCH_OTHERS: urls.join(',') });
    const { port } = (await front.ready) as Port;
    return new Subject(variant, workload, [front, ...others], { port, sink, sinkPort });
  }

  async begin(watchDelays = false): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.ask('begin', { watchDelays })));
  }

  /** The sum over the application's processes; the delay is that of the first. */
  async end(): Promise<Usage> {
    const [front, ...others] = await Promise.all(this.#workers.map((worker) => worker.ask<Usage>('end')));
    if (front === undefined) throw new Error('An application has no process.');
    const total = { ...front };
    for (const { cpuUs, rssBytes, spans } of others) {
      total.cpuUs += cpuUs;
      total.rssBytes += rssBytes;
      total.spans = sumOf(total.spans, spans);
    }
    return total;
  }

  /** Spans that have arrived at the sink so far. */
  async received(): Promise<number> {
    if (this.variant.protocol === undefined) return 0;
    const { spans, failure } = await this.#sink.ask<Count>('count', { port: this.#sinkPort });
    if (failure !== undefined)
      throw new Error(`The sink could not read what ${this.variant.name} sent: ${failure}`);
    return spans;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop()));
  }
}

function sumOf(one: SpansMade | undefined, other: SpansMade | undefined): SpansMade | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return { started: one.started + other.started, unsampled: one.unsampled + other.unsampled };
}

interface Port {
  readonly port: number;
}

interface Count {
  readonly spans: number;
  readonly failure?: string;
}
