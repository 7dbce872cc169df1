// Measures one backend: what it takes in, what a span costs it, and how fast it answers meanwhile.
import { Agent } from 'node:http';
import { askMeanwhile, type Latencies, spansOfTrace } from './ask.ts';
import { LoadProcess } from './load-process.ts';
import { cpuSeconds, residentBytes } from './process-figures.ts';
import type { Running, Subject } from './subjects.ts';
import {
  BATCHES_A_GROUP,
  groupOf,
  SPANS_A_BATCH,
  SPANS_A_TRACE,
  TRACES_A_GROUP,
  traceIdOf,
} from './traffic.ts';

export interface Plan {
  /** Groups of traces that a backend is allowed to keep; the limit in traces follows from it. */
  readonly keptGroups: number;
  readonly floodBatches: number;
  readonly pacedSpansPerSecond: number;
  readonly pacedSeconds: number;
}

export interface Speed {
  readonly spansPerSecond: number;
  /** Share of its one processor that the backend used meanwhile: below about 0.9, something else was the limit. */
  readonly cpuShare: number;
  readonly cpuUsPerSpan: number;
  /** Growth of resident memory from the start until as much is stored as may be, by span. */
  readonly bytesPerSpan: number;
  /** The same after the flood, of which all but as much has been evicted. */
  readonly bytesPerSpanAfter: number;
}

export interface Paced extends Latencies {
  readonly spansPerSecond: number;
  readonly cpuShare: number;
  readonly slowestBatchMs: number;
}

/** Whether everything that was sent is somewhere. */
export interface Audit {
  readonly sent: number;
  readonly accounted: number;
  readonly text: string;
  readonly refused: Readonly<Record<string, number>>;
  /** Of so many of the newest traces, spread evenly, how many are there with all their spans. */
  readonly asked: number;
  readonly whole: number;
}

export interface Figures {
  readonly speed: Speed;
  readonly paced: Paced;
  /** After the flood, and after the answers. */
  readonly audits: readonly [Audit, Audit];
}

const SAMPLE = 200;

class Session {
  readonly #running: Running;
  readonly #load: LoadProcess;
  readonly #plan: Plan;
  readonly #refused: Record<string, number> = {};
  #batches = 0;

  constructor(running: Running, load: LoadProcess, plan: Plan) {
    this.#running = running;
    this.#load = load;
    this.#plan = plan;
  }

  async send(
    batches: number,
    rate?: number,
    onAnswered?: (batches: number) => void,
  ): ReturnType<LoadProcess['run']> {
    const task = { url: this.#running.otlpUrl, firstBatch: this.#batches, batches };
    this.#batches += batches;
    const outcome = await this.#load.run(rate === undefined ? task : { ...task, rate }, onAnswered);
    for (const [status, count] of Object.entries(outcome.refused)) {
      this.#refused[status] = (this.#refused[status] ?? 0) + count;
    }
    return outcome;
  }

  get batches(): number {
    return this.#batches;
  }

  /** Sends as much as may be kept. */
  fill(): ReturnType<LoadProcess['run']> {
    return this.send(this.#plan.keptGroups * BATCHES_A_GROUP);
  }

  async audit(): Promise<Audit> {
    const { spans, text } = await this.#running.account();
    const refusedBatches = Object.values(this.#refused).reduce((sum, count) => sum + count, 0);
    const sent = this.#batches * SPANS_A_BATCH;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const groups = this.#batches / BATCHES_A_GROUP;
    let whole = 0;
    for (let i = 0; i < SAMPLE; i++) {
      // Batches overtake each other a little: what came in first of the kept ones may be gone.
      const back = Math.floor((i * (this.#plan.keptGroups - 8)) / SAMPLE);
      const round = groups - 1 - back;
      const traceId = traceIdOf(groupOf(round), i % TRACES_A_GROUP, round);
      if ((await spansOfTrace(this.#running.uiUrl, traceId, agent)) === SPANS_A_TRACE) whole++;
    }
    agent.destroy();
    return {
      sent,
      accounted: spans + refusedBatches * SPANS_A_BATCH,
      text,
      refused: this.#refused,
      asked: SAMPLE,
      whole,
    };
  }
}

/** Runs `work` on a fresh process of the subject. */
async function withSession<T>(
  subject: Subject,
  plan: Plan,
  work: (session: Session, running: Running) => Promise<T>,
): Promise<T> {
  const running = await subject.start(plan.keptGroups * TRACES_A_GROUP);
  const load = new LoadProcess();
  try {
    return await work(new Session(running, load, plan), running);
  } finally {
    await load.stop();
    await running.stop();
  }
}

async function measureSpeed(session: Session, { pid }: Running, plan: Plan): Promise<Speed> {
  const atStart = residentBytes(pid);
  await session.fill();
  const kept = plan.keptGroups * TRACES_A_GROUP * SPANS_A_TRACE;
  const bytesPerSpan = (residentBytes(pid) - atStart) / kept;
  const cpuBefore = cpuSeconds(pid);
  const { seconds } = await session.send(plan.floodBatches);
  const spans = plan.floodBatches * SPANS_A_BATCH;
  const cpu = cpuSeconds(pid) - cpuBefore;
  return {
    spansPerSecond: spans / seconds,
    cpuShare: cpu / seconds,
    cpuUsPerSpan: (cpu / spans) * 1e6,
    bytesPerSpan,
    bytesPerSpanAfter: (residentBytes(pid) - atStart) / kept,
  };
}

async function measurePaced(session: Session, { pid, uiUrl }: Running, plan: Plan): Promise<Paced> {
  await session.fill();
  const rate = plan.pacedSpansPerSecond / SPANS_A_BATCH;
  const batches = Math.round((rate * plan.pacedSeconds) / BATCHES_A_GROUP) * BATCHES_A_GROUP;
  const first = session.batches;
  let newestRound = first / BATCHES_A_GROUP - 1;
  const stopAsking = askMeanwhile(uiUrl, (random) => {
    // The older half may be gone before a slow backend gets to the question.
    const round = newestRound - random.below(Math.floor(plan.keptGroups / 2));
    return traceIdOf(groupOf(round), random.below(TRACES_A_GROUP), round);
  });
  const cpuBefore = cpuSeconds(pid);
  const { seconds, slowestMs } = await session.send(batches, rate, (answered) => {
    newestRound = Math.floor((first + answered) / BATCHES_A_GROUP) - 1;
  });
  const cpuShare = (cpuSeconds(pid) - cpuBefore) / seconds;
  const latencies = await stopAsking();
  return {
    ...latencies,
    spansPerSecond: (batches * SPANS_A_BATCH) / seconds,
    cpuShare,
    slowestBatchMs: slowestMs,
  };
}

export async function measure(subject: Subject, plan: Plan): Promise<Figures> {
  const [speed, first] = await withSession(subject, plan, async (session, running) => {
    return [await measureSpeed(session, running, plan), await session.audit()] as const;
  });
  const [paced, second] = await withSession(subject, plan, async (session, running) => {
    return [await measurePaced(session, running, plan), await session.audit()] as const;
  });
  return { speed, paced, audits: [first, second] };
}
