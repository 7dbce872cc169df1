// The stock: whatever is asked of it in whatever order, nothing is lost and nothing is sold twice.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Item } from '../src/reservation-rules.ts';
import { openStock, type Stock } from '../src/stock.ts';

const FULL = 1_000_000;
const PRICES: Record<string, number> = { 'oak-table': 12_000, 'desk-lamp': 3_990, 'wool-rug': 8_900 };

const item = fc.record({
  productId: fc.constantFrom('oak-table', 'desk-lamp', 'wool-rug'),
  quantity: fc.integer({ min: 1, max: 400_000 }),
});
const command = fc.oneof(
  fc.record({
    do: fc.constant('reserve' as const),
    id: fc.nat(6),
    items: fc.array(item, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ do: fc.constant('release' as const), id: fc.nat(6) }),
);

function sum(items: readonly Item[], productId: string): number {
  return items
    .filter((each) => each.productId === productId)
    .reduce((total, each) => total + each.quantity, 0);
}

/** What a shelf must hold when exactly `held` is reserved. */
function expectShelves(stock: Stock, held: ReadonlyMap<string, readonly Item[]>): void {
  for (const productId of Object.keys(PRICES)) {
    const taken = [...held.values()].reduce((total, items) => total + sum(items, productId), 0);
    expect(stock.findProduct(productId)?.available).toBe(FULL - taken);
    expect(taken).toBeLessThanOrEqual(FULL);
  }
}

describe('the stock', () => {
  test('holds what was there less what is reserved, after any reservations and releases', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        const stock = openStock(undefined);
        const held = new Map<string, readonly Item[]>();
        const used = new Set<string>();
        for (const step of commands) {
          const id = `order-${step.id}`;
          if (step.do === 'release') {
            const outcome = stock.release(id);
            expect(outcome).toBe(held.has(id) ? 'released' : used.has(id) ? 'already' : 'unknown');
            held.delete(id);
          } else if (tryReserve(stock, id, step.items, used)) {
            held.set(id, step.items);
            used.add(id);
          }
          expectShelves(stock, held);
        }
        stock.close();
      }),
      { numRuns: 60 },
    );
  });

  test('costs the sum of the prices, however an item is split over lines', () => {
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 3 }), (items) => {
        const stock = openStock(undefined);
        fc.pre(Object.keys(PRICES).every((id) => sum(items, id) <= FULL));
        const price = items.reduce((total, each) => total + each.quantity * PRICES[each.productId]!, 0);
        expect(stock.reserve('order', items)).toEqual({ totalCents: price, isReplay: false });
        stock.close();
      }),
      { numRuns: 30 },
    );
  });

  test('takes nothing when one of several items can not be had', () => {
    const stock = openStock(undefined);
    const lamp = { productId: 'desk-lamp', quantity: 1 };
    expect(() => stock.reserve('a', [lamp, { productId: 'unicorn', quantity: 1 }])).toThrow('"unicorn"');
    expect(() => stock.reserve('b', [lamp, { productId: 'sold-out-vase', quantity: 1 }])).toThrow(
      '1 × sold-out-vase wanted, 0 available.',
    );
    expectShelves(stock, new Map());
    expect(stock.release('a')).toBe('unknown');
    stock.close();
  });

  test('sells the last piece, and not one more', () => {
    const stock = openStock(undefined);
    const rugs = (quantity: number): Item[] => [{ productId: 'wool-rug', quantity }];
    expect(() => stock.reserve('a', rugs(FULL + 1))).toThrow('1000001 × wool-rug wanted, 1000000 available.');
    stock.reserve('b', rugs(FULL));
    expect(stock.findProduct('wool-rug')?.available).toBe(0);
    expect(() => stock.reserve('c', rugs(1))).toThrow('1 × wool-rug wanted, 0 available.');
    stock.close();
  });

  test('does not take a released reservation for one that holds', () => {
    const stock = openStock(undefined);
    const items = [{ productId: 'wool-rug', quantity: 1 }];
    stock.reserve('a', items);
    stock.release('a');
    expect(() => stock.reserve('a', items)).toThrow('"a" holds other items or was released');
    expectShelves(stock, new Map());
    stock.close();
  });

  test('is there again after a restart, with its reservations', () => {
    const folder = mkdtempSync(join(tmpdir(), 'longpole-'));
    const first = openStock(folder);
    first.reserve('order', [{ productId: 'wool-rug', quantity: 5 }]);
    first.close();
    const second = openStock(folder);
    expect(second.findProduct('wool-rug')?.available).toBe(FULL - 5);
    expect(second.release('order')).toBe('released');
    expect(second.findProduct('wool-rug')?.available).toBe(FULL);
    second.close();
    rmSync(folder, { recursive: true });
  });
});

/** Whether something was taken. A known id or too much of a product may be refused, or replayed. */
function tryReserve(stock: Stock, id: string, items: readonly Item[], used: ReadonlySet<string>): boolean {
  try {
    return !stock.reserve(id, items).isReplay;
  } catch (error) {
    expect(error).toMatchObject({ code: used.has(id) ? 'reservation-changed' : 'not-enough-stock' });
    return false;
  }
}
