// Checkouts of the demo as they might have been: real spans with latencies drawn at random, the same in every run.
import { analyzeTrace, type TraceAnalysis } from '../../src/analysis/analyze-trace.ts';
import { seededRandom } from '../../src/analysis/statistics/random.ts';
import type { AttributeMap, Span, SpanKind } from '../../src/trace/span.ts';
import { makeSpan } from '../trace/draw.ts';

/** A number from a log-normal distribution with the given median; `spread` is the deviation of its logarithm. */
export function logNormal(random: () => number, median: number, spread: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return median * Math.exp(spread * normal);
}

/** What one checkout is like; times in milliseconds. */
export interface Checkout {
  readonly paymentMs: number;
  readonly inventoryMs: number;
  readonly notifyMs: number;
  readonly reads: number;
  readonly isDeclined: boolean;
  readonly hasNotify: boolean;
  readonly payment: AttributeMap;
  readonly gateway: AttributeMap;
  readonly version: string;
}

const KINDS: Record<string, SpanKind> = { s: 'SERVER', c: 'CLIENT', i: 'INTERNAL' };

/** Lays spans one after the other. */
class Builder {
  readonly spans: Span[] = [];
  readonly #traceId: string;
  readonly #version: string;
  #now = 0;

  constructor(traceId: string, version: string) {
    this.#traceId = traceId;
    this.#version = version;
  }

  span(
    kind: string,
    parent: string,
    service: string,
    name: string,
    part: Partial<Span>,
    body: (id: string) => void,
  ): void {
    const id = `s${this.spans.length}`;
    const place = this.spans.push(makeSpan({})) - 1;
    const startMs = this.#now;
    body(id);
    this.spans[place] = makeSpan({
      id,
      parent,
      service,
      name,
      kind: KINDS[kind] as SpanKind,
      startMs,
      endMs: this.#now,
      ...part,
      resource: {
        attributes: { 'service.name': service, 'service.version': this.#version },
        droppedAttributesCount: 0,
      },
      traceId: this.#traceId,
    });
  }

  wait(ms: number): void {
    this.#now += ms;
  }
}

/** The spans of one checkout, analysed. */
export function checkout(traceId: string, one: Checkout): TraceAnalysis {
  const b = new Builder(traceId, one.version);
  const failed: Partial<Span> = one.isDeclined ? { status: { code: 'ERROR', message: '' } } : {};
  const call = (
    parent: string,
    service: string,
    name: string,
    part: Partial<Span>,
    body: (id: string) => void,
  ): void => {
    b.span('c', parent, 'gateway', 'POST', { attributes: { 'service.peer.name': service } }, (client) => {
      b.wait(1);
      b.span('s', client, service, name, part, body);
      b.wait(1);
    });
  };
  b.span('s', '', 'gateway', 'POST /api/checkout', { attributes: one.gateway, ...failed }, (root) => {
    b.wait(10);
    call(root, 'auth', 'POST /sessions/verify', {}, () => b.wait(30));
    call(root, 'inventory', 'POST /reservations', {}, (server) => {
      b.wait(5);
      for (let i = 0; i < one.reads; i++) {
        b.span('c', server, 'inventory', 'SELECT', {}, () => b.wait(one.inventoryMs / one.reads));
      }
    });
    call(root, 'payment', 'POST /charges', failed, (server) => {
      b.wait(5);
      b.span('i', server, 'payment', 'charge', { attributes: one.payment, ...failed }, () =>
        b.wait(one.paymentMs),
      );
    });
    if (one.hasNotify) call(root, 'notify', 'POST /notifications', {}, () => b.wait(one.notifyMs));
  });
  return analyzeTrace({ traceId, spans: b.spans });
}

/** A healthy checkout: payment 2 500 ms, inventory 200 ms, notify 220 ms at the median, all of it scattered. */
export function healthyCheckout(random: () => number, id: number): Checkout {
  return {
    paymentMs: logNormal(random, 2500, 0.1),
    inventoryMs: logNormal(random, 200, 0.2),
    notifyMs: logNormal(random, 220, 0.2),
    reads: 2,
    isDeclined: random() < 0.02,
    hasNotify: true,
    version: '1.0.0',
    payment: {
      'payment.provider': ['acme', 'banco', 'credix'][Math.floor(random() * 3)] as string,
      'payment.id': `pay-${id}`,
      'payment.at': BigInt(1_795_351_975_250 + id * 40),
      'payment.retry': random() < 0.5,
    },
    gateway: {
      'order.id': `order-${id}`,
      'user.id': `user-${Math.floor(random() * 400)}`,
      'cart.items': BigInt(1 + Math.floor(random() * 90)),
      'cart.total': Math.round(random() * 1e6) / 100,
      'http.response.status_code': 200n,
      'user.tier': random() < 0.3 ? 'gold' : 'basic',
    },
  };
}

/** The id of the nth trace. */
export function traceIdOf(n: number): string {
  return n.toString(16).padStart(32, '0');
}

/** Checkouts by a recipe. */
export function* checkouts(
  count: number,
  seed: number,
  recipe: (healthy: Checkout, random: () => number) => Partial<Checkout> = () => ({}),
): Generator<TraceAnalysis> {
  const random = seededRandom(seed);
  for (let id = 1; id <= count; id++) {
    const healthy = healthyCheckout(random, id);
    yield checkout(traceIdOf(id), { ...healthy, ...recipe(healthy, random) });
  }
}
