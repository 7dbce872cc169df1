// One application with one tracer, started and ready to be measured.

import { join } from 'node:path';
import { PROCESSORS } from '../processors.ts';
import type { Certificates } from './certificates.ts';
import type { Salvo } from './load/main.ts';
import { Worker } from './questions.ts';
import { sinkEnvironment, type Variant } from './variants.ts';
import type { Workload } from './workloads.ts';

export interface Usage {
  readonly cpuUs: number;
  readonly rssBytes: number;
  /** Of the first process, where delays were watched. */
  readonly delayP99Ms?: number;
}

export interface MemoryUse {
  readonly rssBytes: number;
  /** In the heap and in buffers beside it. */
  readonly keptBytes: number;
}

/** The longest turn of the event loop of the first process. */
export interface LongestTick {
  readonly longestMs: number;
  /** The most processor time of its thread in one turn: what was worked, and not what was waited for. */
  readonly longestWorkMs: number;
  readonly longestDelayMs: number;
}

/** The processes that every subject shares. */
export interface Surroundings {
  readonly sink: Worker;
  readonly load: Worker;
  readonly targetPort: number;
  readonly certificates: Certificates | undefined;
}

/** What the first process needed from its start until it listened. */
export interface StartCost {
  readonly ms: number;
  readonly cpuUs: number;
}

interface Listening extends StartCost {
  readonly port: number;
}

export class Subject {
  readonly variant: Variant;
  readonly workload: Workload;
  readonly startCost: StartCost;
  readonly #workers: readonly Worker[];
  readonly #around: Surroundings;
  readonly #port: number;
  readonly #sinkPort: number;

  private constructor(
    { variant, workload }: { variant: Variant; workload: Workload },
    around: Surroundings,
    workers: readonly Worker[],
    listening: Listening,
    sinkPort: number,
  ) {
    this.variant = variant;
    this.workload = workload;
    this.startCost = listening;
    this.#workers = workers;
    this.#around = around;
    this.#port = listening.port;
    this.#sinkPort = sinkPort;
  }

  /** @throws Error when the application does not start with this tracer */
  static async start(
    variant: Variant,
    workload: Workload,
    around: Surroundings,
    env: Record<string, string> = {},
  ): Promise<Subject> {
    const sinkPort = await openSink(variant, around);
    const shared = { ...environmentOf(variant, around, sinkPort), ...env };
    const workers: Worker[] = [];
    const launch = async (role: string, own: Record<string, string> = {}): Promise<Listening> => {
      const app = join(import.meta.dirname, 'apps', workload.app);
      const settings = { ...shared, OTEL_SERVICE_NAME: `bench-${role}`, ...own };
      const begun = performance.now();
      const worker = new Worker(`${variant.name} ${role}`, app, {
        env: settings,
        execArgv: variant.preload ?? [],
      });
      workers.push(worker);
      const listening = (await worker.ready) as Omit<Listening, 'ms'>;
      return { ...listening, ms: performance.now() - begun };
    };
    try {
      const names = Array.from({ length: workload.others }, (_, i) => `service-${i}`);
      const others = await Promise.all(names.map((name) => launch(name)));
      const urls = others.map(({ port }) => `http://127.0.0.1:${port}/work`);
      const front = await launch('front', { BENCH_OTHERS: urls.join(',') });
      return new Subject({ variant, workload }, around, workers.toReversed(), front, sinkPort);
    } catch (error) {
      await Promise.all(workers.map((worker) => worker.stop()));
      throw error;
    }
  }

  /** Sends as many requests as it can answer, for so long or so many. */
  saturate(until: { readonly ms?: number; readonly count?: number }, connections = 16): Promise<Salvo> {
    const shot = { ...this.workload.shot, port: this.#port };
    return this.#around.load.ask('saturate', { shot, connections, ...until });
  }

  pace(perSecond: number, ms: number): Promise<Salvo> {
    return this.#around.load.ask('pace', {
      shot: { ...this.workload.shot, port: this.#port },
      perSecond,
      ms,
    });
  }

  /** Has all its processes run on the processor that is kept for what is measured. */
  keepOnItsProcessor(): void {
    for (const worker of this.#workers) worker.keepOn(PROCESSORS.measured);
  }

  async begin(watchDelays = false): Promise<void> {
    await this.#askAll('begin', { watchDelays });
  }

  /** What has been used since the beginning: the sum over the application's processes. */
  async end(): Promise<Usage> {
    const usages = await this.#askAll<Usage>('end');
    const sum = (read: (usage: Usage) => number): number =>
      usages.reduce((total, usage) => total + read(usage), 0);
    return { ...usages[0], cpuUs: sum(({ cpuUs }) => cpuUs), rssBytes: sum(({ rssBytes }) => rssBytes) };
  }

  /** Of the first process. */
  async memory(): Promise<MemoryUse> {
    const [front] = await this.#askAll<MemoryUse>('memory');
    if (front === undefined) throw new Error('An application has no process.');
    return front;
  }

  async collectGarbage(): Promise<void> {
    await this.#askAll('collectGarbage');
  }

  async watchTicks(): Promise<void> {
    await this.#askAll('watchTicks');
  }

  async endTicks(): Promise<LongestTick> {
    const [front] = await this.#askAll<LongestTick>('endTicks');
    if (front === undefined) throw new Error('An application has no process.');
    return front;
  }

  /** Sampled spans that a tracer of ours says it has made since its start. */
  async made(): Promise<number | undefined> {
    const all = await this.#askAll<{ made?: number }>('spansMade');
    return all.reduce<number | undefined>(
      (sum, { made }) => (made === undefined ? sum : (sum ?? 0) + made),
      undefined,
    );
  }

  /** Spans that have arrived at the sink so far. */
  async received(): Promise<number> {
    if (this.variant.protocol === undefined) return 0;
    const { spans, failure } = await this.#around.sink.ask<Count>('count', { port: this.#sinkPort });
    if (failure !== undefined)
      throw new Error(`The sink could not read what ${this.variant.name} sent: ${failure}`);
    return spans;
  }

  /** Whether the sink refuses spans as a busy backend does. */
  async setSinkBusy(isBusy: boolean): Promise<void> {
    await this.#around.sink.ask('setBusy', { port: this.#sinkPort, isBusy });
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop()));
  }

  /** Lets the processes run to their end. */
  async finish(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.end()));
  }

  /** The first answer is that of the process that is sent the requests. */
  #askAll<Answer>(ask: string, question: object = {}): Promise<Answer[]> {
    return Promise.all(this.#workers.map((worker) => worker.ask<Answer>(ask, question)));
  }
}

async function openSink({ protocol }: Variant, { sink, certificates }: Surroundings): Promise<number> {
  if (protocol === undefined) return 0;
  const question = { protocol, certificates: certificates?.folder };
  return (await sink.ask<{ port: number }>('open', question)).port;
}

function environmentOf(
  { protocol, env }: Variant,
  { targetPort, certificates }: Surroundings,
  sinkPort: number,
): Record<string, string> {
  const folder = protocol === 'newrelic' ? certificates?.folder : undefined;
  return {
    ...sinkEnvironment(protocol, sinkPort),
    ...(folder === undefined ? {} : { NODE_EXTRA_CA_CERTS: `${folder}/cert.pem` }),
    ...env,
    BENCH_TARGET: `http://127.0.0.1:${targetPort}/stock`,
    NODE_ENV: 'production',
  };
}

interface Count {
  readonly spans: number;
  readonly failure?: string;
}
