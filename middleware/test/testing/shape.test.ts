// The shape of a trace: the same for two runs of the same work, another for other work.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { registerMatchers, shapeOf } from '../../src/testing.ts';
import { checkout, failed } from './support/checkout.ts';
import { call, type Sketch, server, traceOf } from './support/trace-of.ts';

registerMatchers();

function fanOut(starts: readonly number[], names: readonly string[]): Sketch {
  const children = names.map((name, i) => call('gateway', name, `GET /${name}`, starts[i] ?? 0, 100));
  return server('gateway', 'GET /home', 0, 300, { children: children.toSorted((a, b) => a.at - b.at) });
}

describe('shapeOf()', () => {
  it('is a line for each span, without ids, times, ports and addresses', () => {
    expect(shapeOf(checkout)).toMatchInlineSnapshot(`
"gateway SERVER POST /api/checkout 201 { cart.total: 42.5, order.id: 'ord_7', user.id: 'ada' }
  gateway INTERNAL validate_cart { cart.items: 3 }
  gateway CLIENT POST → auth 200
    auth SERVER POST /sessions/verify 200
  gateway CLIENT POST → inventory 200
    inventory SERVER POST /reservations 200
  gateway CLIENT POST → payment 200
    payment SERVER POST /charges 201 { payment.id: 'pay_1' }
      payment INTERNAL authorize with acquirer
  gateway CLIENT POST → notify 200
    notify SERVER POST /notifications 202"
`);
  });

  it('shows what failed', () => {
    expect(shapeOf(failed)).toMatchInlineSnapshot(`
"gateway SERVER POST /api/checkout 502 ERROR { cart.total: 42.5, order.id: 'ord_7', user.id: 'ada' }
  gateway CLIENT POST → payment 200
    payment SERVER POST /charges 402 ERROR CardDeclined"
`);
  });

  it('is the same in whatever order parallel calls begin', () => {
    const names = ['auth', 'cart', 'inventory', 'offers', 'users'];
    const expected = shapeOf(traceOf([fanOut([0, 1, 2, 3, 4], names)]));
    const starts = fc.array(fc.double({ min: 0, max: 50, noNaN: true }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(starts, fc.shuffledSubarray(names, { minLength: 5 }), (at, order) => {
        expect(shapeOf(traceOf([fanOut(at, order)], 'f'.repeat(32)))).toBe(expected);
      }),
    );
  });

  it('keeps the order of calls one after the other, unless told not to', () => {
    const forth = traceOf([fanOut([0, 150], ['auth', 'cart'])]);
    const back = traceOf([fanOut([150, 0], ['auth', 'cart'])]);
    expect(shapeOf(forth)).not.toBe(shapeOf(back));
    expect(shapeOf(forth, { order: 'any' })).toBe(shapeOf(back, { order: 'any' }));
  });

  it('replaces what is new in each run', () => {
    const attributes = {
      'url.full': 'http://127.0.0.1:40123/orders/7?t=2026-11-22T15:00:00.123Z',
      'server.port': 40123,
      'order.ref': '0f8fad5b-d9cb-469f-a165-70867728950e',
      'upload.digest': '9f86d081884c7d659a2feaa0c55ad015',
      'sent.at': '1700000000000',
      'seen.in': '4bf92f3577b34da6a3ce929d0e0e4736',
      hosts: ['localhost:3000', '[::1]:3000', 'db.internal:5432', '::1'],
      'order.total': 42,
    };
    const trace = traceOf([server('orders', 'GET /orders/:id', 0, 5, { attributes })]);
    expect(shapeOf(trace, { attributes: true })).toMatchInlineSnapshot(
      `"orders SERVER GET /orders/:id 200 { hosts: ['<host>:<port>', '<host>:<port>', 'db.internal:5432', '<host>'], http.request.method: 'GET', http.response.status_code: 200, http.route: '/orders/:id', order.ref: '<uuid>', order.total: 42, seen.in: '<trace>', sent.at: '<number>', server.port: <port>, upload.digest: '<hex>', url.full: 'http://<host>:<port>/orders/7?t=<time>' }"`,
    );
  });

  it('has the attributes that are asked for', () => {
    expect(shapeOf(checkout, { attributes: false })).not.toMatch(/\{/);
    const some = shapeOf(checkout, { attributes: ['user.id', /^http\./] });
    expect(some.split('\n')[0]).toMatchInlineSnapshot(
      `"gateway SERVER POST /api/checkout 201 { http.request.method: 'POST', http.response.status_code: 201, http.route: '/api/checkout', user.id: 'ada' }"`,
    );
  });

  it('is a snapshot of its own and in toMatchSnapshot() and toMatchInlineSnapshot() of the trace', () => {
    expect(failed).toMatchTraceSnapshot();
    expect(failed).toMatchInlineSnapshot(`
gateway SERVER POST /api/checkout 502 ERROR { cart.total: 42.5, order.id: 'ord_7', user.id: 'ada' }
  gateway CLIENT POST → payment 200
    payment SERVER POST /charges 402 ERROR CardDeclined
`);
  });

  it('is not compared with .not', () => {
    expect(() => expect(failed).not.toMatchTraceSnapshot()).toThrow(/cannot be used with \.not.*NO_SNAPSHOT/);
  });

  it('refuses misspelt options', () => {
    expect(() => shapeOf(checkout, { atributes: true } as object)).toThrow(/Did you mean `attributes`\?/);
    expect(() => shapeOf(checkout, { order: 'none' } as unknown as object)).toThrow(
      /expected one of 'kept', 'any'/,
    );
  });
});
