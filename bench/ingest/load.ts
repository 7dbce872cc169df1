// A process that sends batches of spans to one backend: as many as it takes, or so many a second.
import { Agent, request } from 'node:http';
import { Random } from './random.ts';
import { BATCHES_A_GROUP, bodyOf, groupOf, prepareTraffic } from './traffic.ts';

/** What the parent process asks for; batches are numbered from 0 on, the four of a group one after the other. */
export interface Task {
  readonly url: string;
  readonly firstBatch: number;
  readonly batches: number;
  /** Batches a second, at random moments; as many as the backend takes when absent. */
  readonly rate?: number;
}

export interface Outcome {
  readonly accepted: number;
  /** How often the backend answered with which other status. */
  readonly refused: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** Milliseconds from when a batch was due to its answer, of the slowest batch. */
  readonly slowestMs: number;
}

/** What the process says: how many batches are answered, in their order, and at the end the outcome. */
export type News = { readonly answered: number } | { readonly outcome: Outcome };

/** Connections of a sender that goes as fast as it can: one for each service. */
const FLOOD_CONNECTIONS = 4;
const PACED_CONNECTIONS = 32;
const NEWS_EVERY_MS = 50;

function bodyOfBatch(batch: number): Buffer {
  const round = Math.floor(batch / BATCHES_A_GROUP);
  const template = groupOf(round).templates[batch % BATCHES_A_GROUP];
  if (template === undefined) throw new Error(`There is no batch ${batch}.`);
  return bodyOf(template, round, Date.now());
}

function post(url: string, body: Buffer, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-protobuf' };
    const sent = request(`${url}/v1/traces`, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject).end(body);
  });
}

class Sender {
  readonly #task: Task;
  readonly #agent: Agent;
  readonly #refused: Record<string, number> = {};
  readonly #isAnswered = new Set<number>();
  #answered = 0;
  #accepted = 0;
  #slowestMs = 0;

  constructor(task: Task) {
    this.#task = task;
    const maxSockets = task.rate === undefined ? FLOOD_CONNECTIONS : PACED_CONNECTIONS;
    this.#agent = new Agent({ keepAlive: true, maxSockets });
  }

  async run(): Promise<Outcome> {
    // A flood is made beforehand: making it would take longer than a fast backend needs for it.
    const flood = this.#task.rate === undefined ? this.#makeBodies() : [];
    const began = performance.now();
    const news = setInterval(() => tell({ answered: this.#answered }), NEWS_EVERY_MS);
    try {
      await (this.#task.rate === undefined ? this.#flood(flood) : this.#pace(this.#task.rate));
    } finally {
      clearInterval(news);
      this.#agent.destroy();
    }
    const seconds = (performance.now() - began) / 1000;
    return { accepted: this.#accepted, refused: this.#refused, seconds, slowestMs: this.#slowestMs };
  }

  #makeBodies(): Buffer[] {
    const { firstBatch, batches } = this.#task;
    return Array.from({ length: batches }, (_, i) => bodyOfBatch(firstBatch + i));
  }

  async #flood(bodies: readonly Buffer[]): Promise<void> {
    let next = 0;
    const connection = async (): Promise<void> => {
      while (next < bodies.length) {
        const index = next++;
        await this.#send(index, bodies[index] as Buffer, performance.now());
      }
    };
    await Promise.all(Array.from({ length: FLOOD_CONNECTIONS }, connection));
  }

  /** As many independent senders would: batches are due at random moments and wait for no answer. */
  async #pace(rate: number): Promise<void> {
    const random = new Random(7);
    const sending: Promise<void>[] = [];
    let dueMs = performance.now();
    for (let i = 0; i < this.#task.batches; i++) {
      dueMs += (-Math.log(1 - random.next()) / rate) * 1000;
      const wait = dueMs - performance.now();
      if (wait >= 1) await new Promise((resolve) => setTimeout(resolve, wait));
      sending.push(this.#send(i, bodyOfBatch(this.#task.firstBatch + i), dueMs));
    }
    await Promise.all(sending);
  }

  async #send(index: number, body: Buffer, dueMs: number): Promise<void> {
    const status = await post(this.#task.url, body, this.#agent);
    if (status === 200) this.#accepted++;
    else this.#refused[status] = (this.#refused[status] ?? 0) + 1;
    this.#slowestMs = Math.max(this.#slowestMs, performance.now() - dueMs);
    this.#isAnswered.add(index);
    while (this.#isAnswered.delete(this.#answered)) this.#answered++;
  }
}

function tell(news: News): void {
  process.send?.(news);
}

prepareTraffic();
process.on('disconnect', () => process.exit());
process.on('message', (task: Task) => {
  new Sender(task).run().then(
    (outcome) => tell({ outcome }),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
