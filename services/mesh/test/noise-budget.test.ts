// Thousands of noisy checkouts through a small span budget: nothing exceeds it, no error is missing, every span is counted.

import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { until } from '@longpole/demo-chassis/testing';
import { DEMO_TOKEN } from '../src/demo-checkout.ts';
import { type Account, accountOf, beyondBudget, droppedOf, totalOf } from './account.ts';
import { OtlpSink, type SeenSpan } from './otlp-sink.ts';
import { type RunningServices, runServices } from './running-services.ts';

/** `LONGPOLE_CHECKOUTS=10000` makes the long run of it. */
const CHECKOUTS = Number(process.env['LONGPOLE_CHECKOUTS'] ?? 300);
const DEADLINE_MS = 60_000 + CHECKOUTS * 60;
const BATCH = 50;
const BUDGET = 6;
const SERVICES = ['gateway', 'auth', 'inventory', 'payment', 'notify'];
const NO_LATENCY = Object.fromEntries(SERVICES.map((name) => [`${name.toUpperCase()}_LATENCY_MS`, '0']));
const ENVIRONMENT = { ...NO_LATENCY, FAULTS: 'on', LOG_LEVEL: 'error' };
const CART = ['desk-lamp', 'oak-table', 'wool-rug'].map((productId, index) => ({
  productId,
  quantity: 1,
  price: [39.9, 120, 89][index],
}));
const FAILING = { inventory: 0.05, payment: 0.1, notify: 0.1 };
const sink = new OtlpSink();
let services: RunningServices | undefined;

beforeAll(() => sink.start());

afterEach(async () => {
  await services?.stop();
  sink.spans.length = 0;
});

afterAll(() => sink.stop());

async function start(budget: number): Promise<void> {
  services = await runServices(sink.url, { ...ENVIRONMENT, LONGPOLE_SPAN_BUDGET: String(budget) });
  await failAt({});
}

/** Makes every service noisy, and some fail their share of the work. */
async function failAt(rates: Partial<Record<string, number>>): Promise<void> {
  for (const service of SERVICES) {
    const answer = await fetch(`${services?.urls.of(service)}/faults`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ mistake: 'noise', failureRate: rates[service] ?? 0 }),
    });
    expect(answer.status).toBe(200);
  }
}

interface Checkout {
  readonly traceId: string;
  /** What became of it, which decides what spans it has. */
  readonly outcome: string;
}

async function checkout(): Promise<Checkout> {
  const answer = await fetch(`${services?.urls.gateway}/api/checkout`, {
    method: 'POST',
    headers: { authorization: `Bearer ${DEMO_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ items: CART, card: 'card_ok' }),
  });
  const { traceId, receipt, detail = '' } = (await answer.json()) as Record<string, string>;
  const culprit = detail.split(' ')[0];
  return { traceId: String(traceId), outcome: `${answer.status} ${receipt ?? culprit}` };
}

const isJob = ({ kind }: SeenSpan): boolean => kind === 'CONSUMER';

/** The spans of a checkout without any budget, once no more come. */
async function spansOf({ traceId, outcome }: Checkout): Promise<readonly SeenSpan[]> {
  // Notify's spans are the last to be sent where it takes part, the gateway's where it does not.
  const last = outcome.startsWith('503') ? 'gateway' : 'notify';
  await until(() => {
    const own = sink.ofTrace(traceId);
    return own.some((span) => span.service === last) && own.some(({ parentId }) => parentId === '');
  });
  let count = 0;
  await until(async () => {
    const before = count;
    await new Promise((resolve) => setTimeout(resolve, 200));
    count = sink.ofTrace(traceId).length;
    return count === before;
  });
  return sink.ofTrace(traceId);
}

/** What is made for each outcome, learned from one checkout of each without a budget. */
async function learn(): Promise<Map<string, Account>> {
  const known = new Map<string, Account>();
  await start(0);
  for (const rates of [{}, { inventory: 1 }, { payment: 1 }, { notify: 1 }]) {
    await failAt(rates);
    const sample = await checkout();
    known.set(sample.outcome, accountOf(await spansOf(sample)));
  }
  await services?.stop();
  sink.spans.length = 0;
  return known;
}

test(
  `${CHECKOUTS} noisy checkouts, some of which fail, stay within the budget, with all errors, and every span is counted`,
  async () => {
    const known = await learn();
    expect([...known.keys()].sort()).toEqual([
      '201 queued',
      '201 unavailable',
      '503 inventory',
      '503 payment',
    ]);
    await start(BUDGET);
    await failAt(FAILING);
    const sums = { made: 0, exported: 0, dropped: 0, errors: 0, jobs: 0, failed: 0 };
    for (let sent = 0; sent < CHECKOUTS; sent += BATCH) {
      const batch = await Promise.all(Array.from({ length: Math.min(BATCH, CHECKOUTS - sent) }, checkout));
      const queued = batch.filter(({ outcome }) => outcome === '201 queued').length;
      await until(() => isComplete(batch, known) && sink.spans.filter(isJob).length >= queued);
      check(batch, known);
      const jobs = sink.spans.filter(isJob);
      expect(jobs.map(({ links }) => links.length)).toEqual(jobs.map(() => 1));
      expect(jobs).toHaveLength(queued);
      count(batch, sums);
      sink.spans.length = 0;
    }
    expect(sums.dropped).toBeGreaterThan(CHECKOUTS * 5);
    expect(sums.failed).toBeGreaterThan(CHECKOUTS / 20);
    process.stdout.write(`${JSON.stringify({ checkouts: CHECKOUTS, budget: BUDGET, ...sums })}\n`);
  },
  DEADLINE_MS,
);

const expectedOf = ({ outcome }: Checkout, known: ReadonlyMap<string, Account>): Account =>
  known.get(outcome) ?? { [`an outcome that nobody knows: ${outcome}`]: 1 };

function isComplete(batch: readonly Checkout[], known: ReadonlyMap<string, Account>): boolean {
  const byTrace = Map.groupBy(sink.spans, ({ traceId }) => traceId);
  return batch.every(
    (each) => totalOf(accountOf(byTrace.get(each.traceId) ?? [])) >= totalOf(expectedOf(each, known)),
  );
}

function check(batch: readonly Checkout[], known: ReadonlyMap<string, Account>): void {
  for (const each of batch) {
    const spans = sink.ofTrace(each.traceId);
    expect(accountOf(spans)).toEqual(expectedOf(each, known));
    expect(beyondBudget(spans, BUDGET)).toBe(0);
    expect(orphansOf(spans)).toEqual([]);
  }
}

/** Spans whose parent is none of the exported ones. */
function orphansOf(spans: readonly SeenSpan[]): string[] {
  const ids = new Set(['', ...spans.map(({ spanId }) => spanId)]);
  return spans.filter(({ parentId }) => !ids.has(parentId)).map(({ name }) => name);
}

function count(batch: readonly Checkout[], sums: Record<string, number>): void {
  const add = (name: string, number: number): void => {
    sums[name] = (sums[name] ?? 0) + number;
  };
  add('failed', batch.filter(({ outcome }) => outcome !== '201 queued').length);
  add('jobs', sink.spans.filter(isJob).length);
  add('exported', sink.spans.length);
  add('dropped', droppedOf(sink.spans));
  add('errors', sink.spans.filter(({ isError }) => isError).length);
  add('made', totalOf(accountOf(sink.spans)));
}
