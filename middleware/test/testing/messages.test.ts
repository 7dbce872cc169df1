// Every matcher, broken on purpose: its message as it stands in test/testing/golden. UPDATE_GOLDEN=1 writes them anew.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from '@jest/globals';
import { registerMatchers } from '../../src/testing.ts';
import { askedOften, checkout, failed, torn, withoutParent } from './support/checkout.ts';
import { server, traceOf } from './support/trace-of.ts';

registerMatchers();

const golden = join(__dirname, 'golden');
const manyItems = traceOf([
  {
    ...{ service: 'gateway', name: 'GET /report', kind: 'SERVER', at: 0, for: 500 },
    children: Array.from({ length: 400 }, (_, i) => ({
      service: 'gateway',
      name: `row ${i}`,
      at: i,
      for: 1,
    })),
  },
]);

const withoutUser = traceOf([
  server('gateway', 'POST /api/checkout', 0, 30, {
    attributes: { 'longpole.missing_attributes': ['user.id'] },
  }),
]);

const breaks: Record<string, () => void> = {
  'span-name': () => expect(checkout).toHaveSpan('POST /charge', { service: 'payment' }),
  'span-service': () => expect(checkout).toHaveSpan('POST /charges', { service: 'paymnet' }),
  'span-kind-and-status': () => expect(checkout).toHaveSpan('POST /charges', { kind: 'CLIENT', status: 402 }),
  'span-attributes': () =>
    expect(checkout).toHaveSpan('POST /api/checkout', {
      attributes: { 'usr.id': 'ada', 'cart.total': 41, 'order.id': expect.any(Number), 'user.id': /^b/ },
    }),
  'span-without-name': () =>
    expect(checkout).toHaveSpan({ service: 'payment', kind: 'SERVER', status: 'ERROR' }),
  'span-unlike-any': () => expect(checkout).toHaveSpan('send receipt'),
  'span-times': () => expect(askedOften).toHaveSpan('GET /items/:id', { times: 1 }),
  'span-among-many': () => expect(manyItems).toHaveSpan('row 350', { kind: 'CLIENT' }),
  'not-span': () => expect(askedOften).not.toHaveSpan('GET /items/:id'),
  'one-trace-torn': () => expect(torn).toBeOneTrace(),
  'one-trace-none': () => expect([]).toBeOneTrace(),
  'one-trace-without-parent': () => expect(withoutParent).toBeOneTrace(),
  'not-one-trace': () => expect(failed).not.toBeOneTrace(),
  services: () => expect(checkout).toHaveServices(['gateway', 'auth', 'inventory', 'payments']),
  'services-containing': () => expect(failed).toHaveServices(expect.arrayContaining(['auth'])),
  'not-services': () => expect(failed).not.toHaveServices(['payment', 'gateway']),
  attributes: () => expect(checkout).toHaveAttributes({ 'user.id': 'bob', 'order.no': 'ord_7' }),
  'attributes-of-span': () => expect(checkout).toHaveAttributes('POST /charges', { 'payment.id': undefined }),
  'attributes-of-no-span': () => expect(checkout).toHaveAttributes('POST /charge', { 'payment.id': 'pay_1' }),
  'not-attributes': () => expect(checkout.spans[0]).not.toHaveAttributes({ 'user.id': 'ada' }),
  'no-errors': () => expect(failed).toHaveNoErrors(),
  'not-no-errors': () => expect(checkout).not.toHaveNoErrors(),
  error: () => expect(failed).toHaveError({ type: 'CardExpired', service: 'payment' }),
  'error-none': () => expect(checkout).toHaveError('declined'),
  'not-error': () => expect(failed).not.toHaveError('declined'),
  order: () =>
    expect(askedOften).toHaveCalledInOrder(['auth', 'inventory', 'inventory', 'inventory', 'inventory']),
  'order-backwards': () => expect(checkout).toHaveCalledInOrder(['inventory', 'POST auth']),
  'order-unknown': () => expect(checkout).toHaveCalledInOrder(['auth', 'POST paymnet']),
  'not-order': () =>
    expect(checkout).not.toHaveCalledInOrder(['auth', 'POST /charges', 'authorize with acquirer']),
  parallel: () => expect(checkout).toHaveCalledInParallel(['auth', 'inventory']),
  'parallel-in-part': () => expect(askedOften).toHaveCalledInParallel(['auth', 'inventory', 'inventory']),
  'not-parallel': () => expect(askedOften).not.toHaveCalledInParallel(['auth', 'inventory']),
  findings: () => expect(withoutUser).toHaveNoFindings(),
  bottleneck: () => expect(checkout).toHaveBottleneck('inventory'),
  'bottleneck-unknown': () => expect(checkout).toHaveBottleneck('paymnet'),
  'bottleneck-share': () => expect(checkout).toHaveBottleneck('payment', { share: 0.9 }),
  'not-bottleneck': () => expect(checkout).not.toHaveBottleneck('authorize with acquirer'),
  budget: () =>
    expect(askedOften).toStayWithinBudget({
      spans: 8,
      calls: { 'GET inventory': 1, auth: 1 },
      durationMs: 1000,
    }),
  'budget-calls': () => expect(askedOften).toStayWithinBudget({ calls: 3 }),
  'not-budget': () => expect(checkout).not.toStayWithinBudget({ spans: 20 }),
};

function messageOf(act: () => void): string {
  try {
    act();
  } catch (error) {
    return stripVTControlCharacters((error as Error).message);
  }
  return '(it did not fail)';
}

it.each(Object.entries(breaks))('%s', (name, act) => {
  const message = messageOf(act);
  const file = join(golden, `${name}.txt`);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, `${message}\n`);
  expect(`${message}\n`).toBe(readFileSync(file, 'utf8'));
  expect(message.split('\n').filter((line) => [...line].length > 100)).toEqual([]);
});

it('has no golden file of a break that is gone', () => {
  const names = Object.keys(breaks).map((name) => `${name}.txt`);
  // Only a test runner's own run shows that a snapshot does not fit: test/packed-testing.test.ts has that one.
  expect(readdirSync(golden).sort()).toEqual([...names, 'snapshot.txt'].sort());
});
