// One row: switches the fault on, sends the checkouts side by side, and asks Longpole what is wrong.
import { setTimeout as delay } from 'node:timers/promises';
import { sendCheckout } from '../demo-checkout.ts';
import { type AskOptions, askForBottleneck, askTheDoctor } from './ask-longpole.ts';
import type { Seen } from './judge.ts';
import type { QuietMesh } from './quiet-mesh.ts';
import type { Row } from './rows.ts';

/** Six lines, so that a query for each of them shows. */
const ITEMS = ['oak-table', 'desk-lamp', 'wool-rug', 'oak-table', 'desk-lamp', 'wool-rug'];
const PRICES: Readonly<Record<string, number>> = { 'oak-table': 120, 'desk-lamp': 39.9, 'wool-rug': 89 };
const CART = {
  items: ITEMS.map((productId) => ({ productId, quantity: 1, price: PRICES[productId] })),
  card: 'card_ok',
};

export async function runRow(row: Row, checkouts: number, mesh: QuietMesh, ask: AskOptions): Promise<Seen> {
  await mesh.setFaults(row.faults);
  await mesh.untilQuiet();
  const since = new Date();
  const send = (count: number): Promise<number[]> =>
    sendAll(count, row.atOnce ?? count, mesh.urls.gateway, ask.stop);
  const first = row.pauseMs === undefined ? checkouts : Math.ceil(checkouts / 2);
  const statuses = await send(first);
  if (first < checkouts) {
    await delay(row.pauseMs, undefined, { signal: ask.stop });
    statuses.push(...(await send(checkouts - first)));
  }
  await mesh.untilQuiet();
  await mesh.setFaults({});
  const verdict = row.bottleneck === null ? undefined : await askForBottleneck(since, ask);
  return { statuses, verdict, findings: await askTheDoctor(since, ask) };
}

async function sendAll(count: number, atOnce: number, gateway: string, stop: AbortSignal): Promise<number[]> {
  const statuses: number[] = [];
  while (statuses.length < count) {
    const length = Math.min(atOnce, count - statuses.length);
    const answers = await Promise.all(Array.from({ length }, () => sendCheckout(gateway, stop, CART)));
    statuses.push(...answers.map(({ status }) => status));
  }
  return statuses;
}
