// What the matchers hold for true and what not, beyond the breaks whose messages are kept.

import { AssertionError } from 'node:assert';
import { describe, expect, it } from '@jest/globals';
import { expectTrace, registerMatchers } from '../../src/testing.ts';
import { askedOften, checkout, failed, torn, withoutParent } from './support/checkout.ts';
import { call, type Sketch, server, traceOf } from './support/trace-of.ts';

registerMatchers();

describe('toHaveSpan()', () => {
  it('finds by name, service, kind, status and attributes, each by value or pattern', () => {
    expect(checkout).toHaveSpan('POST /charges', { service: 'payment', kind: 'SERVER', status: 201 });
    expect(checkout).toHaveSpan(/^POST \/ch/, { service: /^pay/, status: 'UNSET' });
    expect(checkout).toHaveSpan({ kind: 'CLIENT', times: 4 });
    expect(failed).toHaveSpan('POST /charges', { status: 'ERROR' });
    expect(checkout).not.toHaveSpan('POST /charges', { service: 'gateway' });
  });

  it('takes asymmetric matchers and patterns for attributes, and undefined for none', () => {
    const attributes = {
      'user.id': expect.any(String),
      'order.id': /^ord_\d+$/,
      'cart.total': expect.closeTo(42.5),
      'payment.id': undefined,
    };
    expect(checkout).toHaveSpan('POST /api/checkout', { attributes });
    expect(checkout).not.toHaveSpan('POST /charges', { attributes: { 'payment.id': undefined } });
    expect(checkout).not.toHaveSpan('POST /charges', { attributes: { 'payment.id': expect.any(Number) } });
  });

  it('compares arrays item by item', () => {
    const trace = traceOf([server('a', 'GET /', 0, 1, { attributes: { tags: ['x', 'y1'] } })]);
    expect(trace).toHaveSpan('GET /', { attributes: { tags: ['x', /^y/] } });
    expect(trace).not.toHaveSpan('GET /', { attributes: { tags: ['x'] } });
    expect(trace).not.toHaveSpan('GET /', { attributes: { tags: 'x' } });
  });

  it('tests a pattern with the flag g from the start each time', () => {
    const name = /POST/g;
    expect(checkout).toHaveSpan(name, { times: 9 });
    expect(checkout).toHaveSpan(name, { times: 9 });
  });
});

describe('toBeOneTrace()', () => {
  it('takes one trace, also as the only one of several', () => {
    expect(checkout).toBeOneTrace();
    expect([checkout]).toBeOneTrace();
    expect(torn).not.toBeOneTrace();
    expect([]).not.toBeOneTrace();
    expect(withoutParent).not.toBeOneTrace();
  });
});

describe('toHaveServices()', () => {
  it('wants exactly these, in any order', () => {
    expect(failed).toHaveServices(['payment', 'gateway']);
    expect(failed).not.toHaveServices(['gateway']);
    expect(checkout).toHaveServices(expect.arrayContaining(['payment']));
  });
});

describe('toHaveAttributes()', () => {
  it('is about the root, a named span, or the span itself', () => {
    expect(checkout).toHaveAttributes({ 'user.id': 'ada', 'cart.total': 42.5 });
    expect(checkout).toHaveAttributes('POST /charges', { 'payment.id': /^pay_/ });
    const charge = checkout.spans.find(({ name }) => name === 'POST /charges');
    expect(charge).toHaveAttributes({ 'payment.id': 'pay_1' });
    expect(checkout).not.toHaveAttributes({ 'payment.id': 'pay_1' });
  });
});

describe('errors', () => {
  it('counts spans that failed; an exception that was dealt with is an error of toHaveError() alone', () => {
    const handled = traceOf([
      server('a', 'GET /x', 0, 1, { exception: { type: 'NotFound', message: 'no x here' } }),
    ]);
    expect(handled).toHaveNoErrors();
    expect(handled).toHaveError({ type: 'NotFound' });
    expect(handled).toHaveError('no x');
    expect(checkout).not.toHaveError();
    expect(failed).toHaveError();
    expect(failed).not.toHaveNoErrors();
  });

  it('lets spans of given names fail', () => {
    expect(failed).toHaveNoErrors({ except: ['POST /charges', /checkout$/] });
    expect(failed).not.toHaveNoErrors({ except: ['POST /charges'] });
  });

  it('finds an error by type, message, span and service', () => {
    expect(failed).toHaveError('CardDeclined');
    expect(failed).toHaveError(/declined$/);
    expect(failed).toHaveError({ span: 'POST /charges', service: 'payment', message: 'declined' });
    expect(failed).not.toHaveError({ span: 'POST /api/checkout', type: 'CardDeclined' });
    expect(failed).not.toHaveError('Card');
  });
});

describe('the order of calls', () => {
  it('takes services, methods, routes and names of spans, with others between', () => {
    expect(checkout).toHaveCalledInOrder(['auth', 'POST payment', 'POST notify /notifications']);
    expect(checkout).toHaveCalledInOrder(['validate_cart', /^auth/, 'POST /charges']);
    expect(checkout).not.toHaveCalledInOrder(['payment', 'auth']);
  });

  it('wants each call to begin after the last had ended', () => {
    expect(askedOften).not.toHaveCalledInOrder(['auth', 'inventory', 'inventory', 'inventory', 'inventory']);
    expect(askedOften).toHaveCalledInOrder(['auth', 'inventory', 'inventory', 'inventory']);
  });

  it('finds a way where the first span that fits leads nowhere', () => {
    const trace = traceOf([
      server('a', 'GET /', 0, 100, {
        children: [
          call('a', 'b', 'GET /b', 0, 90),
          call('a', 'b', 'GET /b', 1, 4),
          call('a', 'c', 'GET /c', 10, 5),
        ],
      }),
    ]);
    expect(trace).toHaveCalledInOrder(['b', 'c']);
  });

  it('knows calls under way at one moment, one span for each', () => {
    expect(askedOften).toHaveCalledInParallel(['auth', 'inventory']);
    expect(askedOften).not.toHaveCalledInParallel(['inventory', 'inventory']);
    expect(checkout).not.toHaveCalledInParallel(['auth', 'inventory']);
    expect(checkout).toHaveCalledInParallel(['POST /api/checkout', 'payment', 'authorize with acquirer']);
  });

  it('does not take two that each overlap a third for three at a time', () => {
    const at = (from: number, forMs: number, to: string) => call('a', to, `GET /${to}`, from, forMs);
    const trace = traceOf([
      server('a', 'GET /', 0, 100, { children: [at(0, 40, 'x'), at(50, 40, 'y'), at(10, 60, 'z')] }),
    ]);
    expect(trace).toHaveCalledInParallel(['x', 'z']);
    expect(trace).toHaveCalledInParallel(['y', 'z']);
    expect(trace).not.toHaveCalledInParallel(['x', 'y', 'z']);
  });
});

describe('toStayWithinBudget()', () => {
  it('holds for as much as is allowed and no more', () => {
    expect(askedOften).toStayWithinBudget({ spans: 11, calls: 5, durationMs: 3000 });
    expect(askedOften).toStayWithinBudget({
      calls: { inventory: 4, 'GET inventory': 4, 'GET /items/:id': 4, 'POST auth': 1 },
    });
    expect(askedOften).not.toStayWithinBudget({ calls: { inventory: 3 } });
    expect(askedOften).not.toStayWithinBudget({ calls: { 'GET inventory /items/:id': 3 } });
    expect(askedOften).not.toStayWithinBudget({ spans: 10 });
    expect(askedOften).not.toStayWithinBudget({ durationMs: 2999 });
  });
});

describe('calls that were folded', () => {
  it('count as many as they stand for', () => {
    const attributes = { 'db.system.name': 'sqlite', 'longpole.folded.count': 40 };
    const reads: Sketch = { service: 'orders', name: 'read item', kind: 'CLIENT', at: 1, for: 9, attributes };
    const trace = traceOf([server('orders', 'GET /orders', 0, 10, { children: [reads] })]);
    expect(trace).toStayWithinBudget({ calls: { sqlite: 40 } });
    expect(() => expectTrace(trace).toStayWithinBudget({ calls: { 'read item': 1 } })).toThrow(
      /makes 40 calls, 39 more than 1\.[^✗]*✗ orders.*\n.*40 calls, folded/,
    );
  });
});

describe('what the package longpole says', () => {
  it('names the bottleneck by service and by operation, with its share', () => {
    expect(checkout).toHaveBottleneck('payment');
    expect(checkout).toHaveBottleneck('authorize with acquirer', { share: 0.8 });
    expect(checkout).not.toHaveBottleneck('payment', { share: 0.9 });
    expect(checkout).not.toHaveBottleneck('gateway');
  });

  it('finds nothing wrong, or only what is allowed', () => {
    const lacking = traceOf([
      server('a', 'GET /', 0, 9, { attributes: { 'longpole.missing_attributes': ['user.id'] } }),
    ]);
    expect(checkout).toHaveNoFindings();
    expect(lacking).not.toHaveNoFindings();
    expect(lacking).toHaveNoFindings({ except: ['missing-attributes'] });
    expect(lacking).toHaveNoFindings({ only: ['n-plus-one'] });
  });
});

describe('expectTrace()', () => {
  it('throws an AssertionError with the message of the matcher, and returns nothing otherwise', () => {
    expect(expectTrace(checkout).toHaveSpan('POST /charges')).toBeUndefined();
    expect(expectTrace(checkout).not.toHaveSpan('send receipt')).toBeUndefined();
    expect(() => expectTrace(checkout).toHaveSpan('POST /charge')).toThrow(AssertionError);
    expect(() => expectTrace(checkout).toHaveSpan('POST /charge')).toThrow(/Did you mean 'POST \/charges'\?/);
    expect(() => expectTrace(checkout).not.toHaveServices(checkout.services)).toThrow(/exactly these/);
  });
});

describe('a trace that is still open', () => {
  it('is drawn as such, and asked all the same', () => {
    const open = traceOf([
      server('a', 'GET /', 0, 10, { children: [{ service: 'a', name: 'work', at: 1, for: undefined }] }),
    ]);
    expect(open).toHaveSpan('work');
    expect(() => expectTrace(open).toHaveSpan('job')).toThrow(/INTERNAL +open\n\n.*not complete/);
    expect(open).toHaveBottleneck('a');
  });
});
