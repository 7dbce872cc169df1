// What the slow traces of a route have that the fast ones have not.
import { describe, expect, test } from '@jest/globals';
import type { TraceAnalysis } from '../../../src/analysis/analyze-trace.ts';
import { createRouteStats, type SlowTraces } from '../../../src/analysis/many/index.ts';
import { type Checkout, checkouts } from '../simulated-checkout.ts';

function slowOf(analyses: Iterable<TraceAnalysis>): SlowTraces {
  const stats = createRouteStats();
  for (const analysis of analyses) stats.add(analysis);
  return stats.finish()[0]?.slow as SlowTraces;
}

function texts({ traits }: SlowTraces): string[] {
  return traits.map((trait) => trait.text);
}

/** Slow when the test says so, and in 2 % of the other cases. */
function slowWhen(
  when: (healthy: Checkout) => boolean,
): (healthy: Checkout, random: () => number) => Partial<Checkout> {
  return (healthy, random) =>
    when(healthy) || random() < 0.02 ? { paymentMs: healthy.paymentMs * 1.8 } : {};
}

describe('the slow traces', () => {
  test('share an attribute', () => {
    const slow = slowOf(
      checkouts(
        200,
        1,
        slowWhen(({ payment }) => payment['payment.provider'] === 'acme'),
      ),
    );
    expect(texts(slow)).toEqual(['payment.provider=acme (payment · charge)']);
    expect(slow.traits[0]?.slowShare).toBeGreaterThan(0.9);
    expect(slow.traits[0]?.fastShare).toBeLessThan(0.05);
    expect(slow.traits[0]?.pValue).toBeLessThan(1e-6);
    expect(slow.traits[0]?.sentence).toMatchInlineSnapshot(
      `"payment.provider=acme (payment · charge) is in 97 % of the slow, 0 % of the fast."`,
    );
  });

  test.each([
    ['network.peer.port', []],
    ['server.port', ['server.port=47470 (gateway · POST /api/checkout)']],
  ])('are not told apart by the connection that they came on: %s', (key, expected) => {
    const slow = slowOf(
      checkouts(200, 8, (healthy, random) => {
        const isSlow = random() < 0.2;
        const gateway = { ...healthy.gateway, [key]: isSlow ? 47_470 : 5_000 };
        return { gateway, paymentMs: healthy.paymentMs * (isSlow ? 1.8 : 1) };
      }),
    );
    expect(texts(slow)).toEqual(expected);
  });

  test('share a large number', () => {
    const slow = slowOf(
      checkouts(
        300,
        2,
        slowWhen(({ gateway }) => Number(gateway['cart.items']) >= 68),
      ),
    );
    expect(texts(slow)).toHaveLength(1);
    expect(texts(slow)[0]).toMatch(/^cart\.items ≥ (6\d|7\d) \(gateway · POST \/api\/checkout\)$/);
  });

  test('repeat an operation', () => {
    const slow = slowOf(
      checkouts(200, 3, (_, random) => (random() < 0.3 ? { reads: 30, inventoryMs: 3000 } : {})),
    );
    expect(slow.traits[0]?.text).toBe('inventory · SELECT at least 20 times');
    expect(slow.traits).toHaveLength(1);
    expect(slow.traits[0]).toMatchObject({ slowShare: 1, fastShare: 0 });
  });

  test('come from one version of a service', () => {
    const slow = slowOf(
      checkouts(200, 4, (h, random) =>
        random() < 0.2 ? { version: '1.1.0', paymentMs: h.paymentMs * 1.5 } : {},
      ),
    );
    expect(texts(slow)[0]).toMatch(/^service\.version=1\.1\.0/);
    expect(slow.traits[0]?.also.join()).toContain('service.version=1.1.0');
  });

  test('have an operation that the fast ones have not', () => {
    const slow = slowOf(
      checkouts(200, 5, (h, random) =>
        random() < 0.6 ? { hasNotify: false, paymentMs: h.paymentMs / 2 } : {},
      ),
    );
    expect(texts(slow)).toEqual(['service.peer.name=notify (gateway · POST)']);
    expect(slow.traits[0]?.also).toContain('notify · POST /notifications');
    expect(slow.traits[0]).toMatchObject({ slowShare: 1, fastShare: 0 });
  });

  test('have errors', () => {
    const slow = slowOf(
      checkouts(200, 6, (h, random) =>
        random() < 0.2 ? { isDeclined: true, paymentMs: h.paymentMs * 3 } : { isDeclined: false },
      ),
    );
    expect(texts(slow)[0]).toBe('an error in gateway · POST /api/checkout');
    expect(slow.traits[0]?.also).toContain('an error in payment · charge');
  });

  test('are the upper one of two humps, whatever its share', () => {
    for (const share of [0.1, 0.25, 0.4]) {
      const slow = slowOf(
        checkouts(500, 7, (h, random) => (random() < share ? { paymentMs: h.paymentMs * 2 } : {})),
      );
      expect(slow.slowCount / 500).toBeGreaterThan(share - 0.06);
      expect(slow.slowCount / 500).toBeLessThan(share + 0.06);
    }
  });
});

describe('nothing is said', () => {
  test('of too few traces', () => {
    const slow = slowOf(
      checkouts(
        19,
        1,
        slowWhen(({ payment }) => payment['payment.provider'] === 'acme'),
      ),
    );
    expect(slow).toEqual({
      slowCount: 0,
      fastCount: 19,
      fromNs: 0n,
      traits: [],
      unjudged: 'There are too few traces to tell slow from fast: 19, at least 20 are needed.',
    });
  });

  test('when all traces took about the same time', () => {
    const slow = slowOf(
      checkouts(100, 1, (h, random) => ({
        paymentMs: 2500 + random(),
        inventoryMs: 200,
        notifyMs: 200,
        payment: h.payment,
      })),
    );
    expect(slow.unjudged).toMatch(/^All traces took about the same time: 2 95\d ms/);
  });

  test('of ids, timestamps and chance: hardly a route without a cause names a trait', () => {
    const alarms: string[] = [];
    for (let seed = 1; seed <= 100; seed++) {
      const slow = slowOf(
        checkouts(80, seed, (h) => ({ paymentMs: h.paymentMs ** 1.5 / 50, isDeclined: false })),
      );
      expect(slow.unjudged).toBeUndefined();
      alarms.push(...texts(slow));
    }
    expect(alarms.length).toBeLessThanOrEqual(2);
  });
});
