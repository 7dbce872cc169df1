// Limits against statistics and comparisons.
import { describe, expect, test } from '@jest/globals';
import { analyzeTrace, type TraceAnalysis } from '../../../src/analysis/analyze-trace.ts';
import { compareRoutes } from '../../../src/analysis/compare/index.ts';
import { type BrokenLimit, checkLimits, parseLimit } from '../../../src/analysis/limits/index.ts';
import { createRouteStats, type RouteStats } from '../../../src/analysis/many/index.ts';
import { makeSpan } from '../../trace/draw.ts';
import { checkouts, traceIdOf } from '../simulated-checkout.ts';

function statsOf(analyses: Iterable<TraceAnalysis>): RouteStats[] {
  const stats = createRouteStats();
  for (const analysis of analyses) stats.add(analysis);
  return stats.finish();
}

/** Requests of 1 ms, 2 ms, …; the first `failed` of them fail. */
function ladder(count: number, failed = 0, name = 'GET /'): TraceAnalysis[] {
  return Array.from({ length: count }, (_, n) => {
    const status = { code: n < failed ? 'ERROR' : 'UNSET', message: '' } as const;
    return analyzeTrace({
      traceId: traceIdOf(n),
      spans: [makeSpan({ service: 'shop', name, endMs: n + 1, status })],
    });
  });
}

function check(text: string, routes: RouteStats[]): BrokenLimit[] {
  return checkLimits([parseLimit(text)], { routes });
}

function said(text: string, routes: RouteStats[]): string[] {
  return check(text, routes).map(({ reason, sentence }) => `${reason}: ${sentence}`);
}

describe('a limit', () => {
  const routes = statsOf(ladder(100, 3));

  test.each([
    ['p95 > 95ms', []],
    ['p95 >= 95ms', ['broken: p95 >= 95ms: the p95 of GET / is 95 ms (100 traces).']],
    ['p95 > 94ms', ['broken: p95 > 94ms: the p95 of GET / is 95 ms (100 traces).']],
    ['p95 < 96ms', ['broken: p95 < 96ms: the p95 of GET / is 95 ms (100 traces).']],
    ['max > 99ms', ['broken: max > 99ms: the max of GET / is 100 ms (100 traces).']],
    ['mean > 50ms', ['broken: mean > 50ms: the mean of GET / is 51 ms (100 traces).']],
    ['errors > 1%', ['broken: errors > 1%: the error rate of GET / is 3 % (100 traces).']],
    ['errors > 3%', []],
    ['count < 101', ['broken: count < 101: the number of traces of GET / is 100 (100 traces).']],
    ['count < 100', []],
    ['shop > 99%', ['broken: shop > 99%: the share of shop of GET / is 100 % (100 traces).']],
    [
      'shop · GET / > 99%',
      ['broken: shop · GET / > 99%: the share of shop · GET / of GET / is 100 % (100 traces).'],
    ],
    ['network > 0%', []],
  ])('%s', (text, sentences) => {
    expect(said(text, routes)).toEqual(sentences);
  });

  test('is about the share on the critical path', () => {
    const demo = statsOf(checkouts(100, 1));
    expect(said('payment > 90%', demo)).toEqual([]);
    expect(check('payment > 60%', demo)[0]).toMatchObject({
      reason: 'broken',
      actual: expect.stringMatching(/^8\d(\.\d)? %$/),
    });
    expect(check('payment · charge > 60%', demo)).toHaveLength(1);
    expect(said('payment · POST /charges > 5%', demo)).toEqual([]);
    expect(check('network > 0.1%', demo)).toHaveLength(1);
  });

  test('service by service, network, queues and gaps add up to the whole', () => {
    const demo = statsOf(checkouts(30, 1));
    const names = ['gateway', 'auth', 'inventory', 'payment', 'notify', 'network', 'queue'];
    const values = names.map((name) => Number.parseFloat(check(`${name} >= 0%`, demo)[0]?.actual ?? ''));
    expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(100, 0);
  });

  test('is held by each route on its own', () => {
    const two = statsOf([...ladder(30), ...ladder(40, 0, 'GET /slow')]);
    expect(check('max > 35ms', two).map(({ route }) => route?.operation)).toEqual(['GET /slow']);
  });

  test('shows the actual value so exactly that it can be told from the limit', () => {
    const span = makeSpan({ service: 'shop', name: 'GET /', endMs: 800.4 });
    const route = statsOf([analyzeTrace({ traceId: traceIdOf(1), spans: [span] })]);
    expect(check('max > 800ms', route)[0]?.actual).toBe('800.4 ms');
  });
});

describe('a limit that cannot be judged does not pass', () => {
  test('a percentile of too few traces', () => {
    expect(said('p95 > 800ms', statsOf(ladder(12)))).toEqual([
      'unjudged: p95 > 800ms: GET / has 12 traces, and a p95 needs at least 20. Read more of them, or set a limit on max.',
    ]);
    expect(said('p99 > 800ms', statsOf(ladder(99)))[0]).toMatch(/needs at least 100/);
    expect(said('p99.9 > 800ms', statsOf(ladder(100)))[0]).toMatch(/needs at least 1000/);
    expect(said('p50 > 800ms', statsOf(ladder(4)))[0]).toMatch(/needs at least 5/);
    expect(said('p95 < 800ms', statsOf(ladder(12)))[0]).toMatch(/^unjudged/);
    expect(said('p95 > 800ms', statsOf(ladder(20)))).toEqual([]);
  });

  test('but what is broken for sure is broken', () => {
    expect(said('p95 > 10ms', statsOf(ladder(12)))[0]).toMatch(/^broken/);
    expect(said('p95 > 11ms', statsOf(ladder(12)))[0]).toMatch(/^unjudged/);
  });

  test('an error rate that so few traces cannot show', () => {
    expect(said('errors > 1%', statsOf(ladder(50)))).toEqual([
      "unjudged: errors > 1%: GET / has 50 traces, too few to show a rate that low: at least 100 are needed. Read more of them, or write 'errors > 0%'.",
    ]);
    expect(said('errors > 1%', statsOf(ladder(50, 1)))[0]).toMatch(/^broken/);
    expect(said('errors > 0%', statsOf(ladder(1)))).toEqual([]);
    expect(said('errors > 1%', statsOf(ladder(100)))).toEqual([]);
  });

  test('a service or an operation that is nowhere', () => {
    const demo = statsOf(checkouts(20, 1));
    expect(said('paymnt > 60%', demo)).toEqual([
      'unjudged: paymnt > 60%: there is no service paymnt in the traces. Did you mean payment?',
    ]);
    expect(said('charge > 60%', demo)).toEqual([
      "unjudged: charge > 60%: charge is no service, but an operation of payment: write 'payment · charge > …'.",
    ]);
    expect(said('billing > 60%', demo)).toEqual([
      'unjudged: billing > 60%: there is no service billing in the traces. There are auth, gateway, inventory, notify, payment.',
    ]);
    expect(said('payment · chrge > 60%', demo)).toEqual([
      'unjudged: payment · chrge > 60%: there is no operation chrge of payment in the traces. Did you mean charge?',
    ]);
  });

  test('no traces at all', () => {
    expect(said('max > 3s', [])).toEqual(['unjudged: max > 3s: there are no traces to judge it by.']);
    expect(said('count < 1', [])).toEqual(['broken: count < 1: there are no traces.']);
    expect(said('count > 1', [])).toEqual([]);
  });
});

describe('slower', () => {
  const before = statsOf(checkouts(100, 1));
  const slowed = (ms: number, count = 100): RouteStats[] =>
    statsOf(checkouts(count, 2, ({ paymentMs }) => ({ paymentMs: paymentMs + ms })));
  const checkSlower = (text: string, a: RouteStats[], b: RouteStats[]): string[] => {
    const targets = { routes: b, comparisons: compareRoutes(a, b) };
    return checkLimits([parseLimit(text)], targets).map(({ reason, sentence }) => `${reason}: ${sentence}`);
  };

  test('is broken by a slow-down that is certain and large enough', () => {
    const [sentence] = checkSlower('slower > 10%', before, slowed(800));
    expect(sentence).toMatch(
      /^broken: slower > 10%: POST \/api\/checkout got 2\d(\.\d)? % slower \(p\d\d 2 \d{3} ms → 3 \d{3} ms\)\.$/,
    );
    expect(checkSlower('slower > 50%', before, slowed(800))).toEqual([]);
  });

  test('is not broken by chance, nor by what got faster', () => {
    expect(checkSlower('slower > 0%', before, statsOf(checkouts(100, 3)))).toEqual([]);
    expect(checkSlower('slower > 0%', slowed(800), before)).toEqual([]);
  });

  test('is broken by a small change that is certain', () => {
    const many = statsOf(checkouts(1000, 4));
    const after = statsOf(checkouts(1000, 5, ({ paymentMs }) => ({ paymentMs: paymentMs + 110 })));
    expect(checkSlower('slower > 1%', many, after)[0]).toMatch(/^broken/);
  });

  test('does not pass with too few traces, or with nothing to compare', () => {
    expect(checkSlower('slower > 10%', before, slowed(0, 8))).toEqual([
      'unjudged: slower > 10%: POST /api/checkout has too few traces to compare: 100 and 8, at least 10 each are needed.',
    ]);
    expect(checkSlower('slower > 10%', before, statsOf(ladder(20)))).toEqual([
      'unjudged: slower > 10%: no route is in both sets of traces, so there is nothing to compare.',
    ]);
  });

  test('needs two sets', () => {
    expect(() => check('slower > 10%', before)).toThrow(
      "Limit 'slower > 10%', character 1: slower needs two sets of traces. Use it with longpole compare.",
    );
  });
});
