// Work that is repeated: N+1 calls, loops of spans, retries, and reads in a row; each at its thresholds, none for another.
import { describe, expect, test } from '@jest/globals';
import type { makeSpan } from '../../trace/draw.ts';
import { codesIn, FAILED, http, sentences, trace } from './sets.ts';

type Part = Parameters<typeof makeSpan>[0];

const root: Part = {
  id: 'r',
  service: 'shop',
  name: 'GET /dashboard/:id',
  kind: 'SERVER',
  endMs: 1_000,
  attributes: http('GET', 200, { 'http.route': '/dashboard/:id', 'url.path': '/dashboard/42' }),
};

/** `count` children of the root, one after the other, `lengthMs` each with `pauseMs` between. */
function row(count: number, part: Part | ((i: number) => Part), lengthMs = 10, pauseMs = 1): Part[] {
  return Array.from({ length: count }, (_, i) => {
    const startMs = 1 + i * (lengthMs + pauseMs);
    const times = { startMs, endMs: startMs + lengthMs };
    return {
      id: `n${i}`,
      parent: 'r',
      service: 'shop',
      ...times,
      ...(typeof part === 'function' ? part(i) : part),
    };
  });
}

const query: Part = { name: 'SELECT items', kind: 'CLIENT', attributes: { 'db.system.name': 'postgresql' } };
const get = (path: string): Part => ({
  name: 'GET',
  kind: 'CLIENT',
  attributes: http('GET', 200, { 'url.full': `http://stock${path}`, 'server.address': 'stock' }),
});

describe('n-plus-one', () => {
  test('from four equal queries on', () => {
    expect(codesIn(trace('a', root, ...row(3, query)))).toEqual([]);
    expect(sentences('n-plus-one', [trace('a', root, ...row(4, query))])).toEqual([
      'shop · GET /dashboard/:id makes the same call up to 4 times: shop · SELECT items, 40 ms in each trace together.',
    ]);
  });

  test('over HTTP whatever the id in the path', () => {
    const set = [trace('a', root, ...row(5, (i) => get(`/items/${100 + i}`)))];
    expect(sentences('n-plus-one', set)).toEqual([
      'shop · GET /dashboard/:id makes the same call up to 5 times: shop → stock · GET /items/{n}, 50 ms in each trace together.',
    ]);
    expect(codesIn(...set)).toEqual(['n-plus-one']);
  });

  test('not of calls to different routes', () => {
    expect(codesIn(trace('a', root, ...row(6, (i) => get(`/${'abcdef'[i]}?x=new`))))).toEqual([]);
  });

  test('of calls that each have a span around them', () => {
    const around = row(4, { name: 'load item' });
    const inside = row(4, (i) => ({ ...query, id: `q${i}`, parent: `n${i}` }));
    expect(codesIn(trace('a', root, ...around, ...inside))).toEqual(['n-plus-one']);
  });

  test.each([-1e308, 1e308, Number.NaN])(
    'with a folded time of %d, which is none, of the span’s own',
    (ms) => {
      const attributes = {
        ...query.attributes,
        'longpole.folded.count': 120n,
        'longpole.folded.total_ms': ms,
      };
      expect(sentences('n-plus-one', [trace('a', root, ...row(1, { ...query, attributes }, 60))])).toEqual([
        'shop · GET /dashboard/:id makes the same call up to 120 times: shop · SELECT items, 60 ms in each trace together.',
      ]);
    },
  );

  test('of calls that the middleware has folded into one span', () => {
    const attributes = {
      ...query.attributes,
      'longpole.folded.count': 120n,
      'longpole.folded.total_ms': 240.5,
    };
    expect(sentences('n-plus-one', [trace('a', root, ...row(1, { ...query, attributes }))])).toEqual([
      'shop · GET /dashboard/:id makes the same call up to 120 times: shop · SELECT items, 241 ms in each trace together.',
    ]);
  });

  test('not of a few that take no time, but of many', () => {
    expect(codesIn(trace('a', root, ...row(9, query, 1)))).toEqual([]);
    expect(codesIn(trace('a', root, ...row(40, query, 0.1)))).toEqual(['n-plus-one']);
  });

  test('not of retries', () => {
    const retry = (i: number): Part => {
      const attributes = { ...http('GET', 503), 'http.request.resend_count': BigInt(i) };
      return { name: 'GET', kind: 'CLIENT', attributes, ...(i < 4 ? { status: FAILED } : {}) };
    };
    expect(sentences('n-plus-one', [trace('a', root, ...row(5, retry))])).toEqual([]);
  });
});

describe('noise', () => {
  test('is ten spans of one name below one span, numbers aside', () => {
    const loop = (count: number) => trace('a', root, ...row(count, (i) => ({ name: `step ${i}` })));
    expect(codesIn(loop(9))).toEqual([]);
    expect(sentences('noise', [loop(10)])).toEqual([
      'shop · step {n} is there up to 10 times below one span.',
    ]);
  });

  test('is not work that fails or makes calls', () => {
    expect(sentences('noise', [trace('a', root, ...row(12, { name: 'step', status: FAILED }))])).toEqual([]);
    expect(sentences('noise', [trace('a', root, ...row(12, query))])).toEqual([]);
  });

  test('is thirty crumbs of different names', () => {
    const crumbs = (count: number) =>
      trace(
        'a',
        root,
        ...row(count, (i) => ({ name: `${'abcdefghij'[i % 10]}${'xyzuvw'[Math.floor(i / 10)]}` }), 0.5),
      );
    expect(codesIn(crumbs(29))).toEqual([]);
    expect(sentences('noise', [crumbs(30)])).toEqual(['shop makes up to 30 tiny spans in one trace.']);
  });

  test('is what the span budget has dropped, and a loop that was folded a hundred times', () => {
    const dropped = { ...root, attributes: { ...root.attributes, 'longpole.dropped_spans': 312n } };
    expect(sentences('noise', [trace('a', dropped)])).toEqual([
      'Up to 312 spans below shop · GET /dashboard/:id were dropped by the span budget.',
    ]);
    const folded = (count: bigint) =>
      row(1, { name: 'tick', attributes: { 'longpole.folded.count': count } });
    expect(codesIn(trace('a', root, ...folded(99n)))).toEqual([]);
    expect(sentences('noise', [trace('a', root, ...folded(100n))])).toEqual([
      'shop · tick is there up to 100 times below one span.',
    ]);
  });
});

describe('retry-storm', () => {
  const attempts = (count: number, pauseMs: number, last = true) =>
    row(
      count,
      (i) => ({ name: 'ask bank', ...(i < count - 1 || !last ? { status: FAILED } : {}) }),
      50,
      pauseMs,
    );

  test('is three attempts in a row without a pause', () => {
    expect(codesIn(trace('a', root, ...attempts(2, 0)))).toEqual([]);
    expect(sentences('retry-storm', [trace('a', root, ...attempts(3, 0))])).toEqual([
      'shop · GET /dashboard/:id tries shop · ask bank up to 3 times in a row; the attempts that failed take 100 ms of each trace.',
    ]);
  });

  test('is not three attempts with pauses, but six', () => {
    expect(codesIn(trace('a', root, ...attempts(3, 25)))).toEqual([]);
    expect(codesIn(trace('a', root, ...attempts(6, 25)))).toEqual(['retry-storm']);
  });

  test('counts when the last attempt fails too', () => {
    expect(sentences('retry-storm', [trace('a', root, ...attempts(3, 0, false))])).toHaveLength(1);
  });

  test('is not a row of refusals, unless they ask to come back', () => {
    const refused = (status: number) =>
      trace('a', root, ...row(4, { ...get('/a'), attributes: http('GET', status), status: FAILED }));
    expect(sentences('retry-storm', [refused(404)])).toEqual([]);
    expect(sentences('retry-storm', [refused(429)])).toHaveLength(1);
  });

  test('is not what fails side by side', () => {
    const beside = row(4, { name: 'ask bank', status: FAILED, startMs: 1, endMs: 50 });
    expect(sentences('retry-storm', [trace('a', root, ...beside)])).toEqual([]);
  });
});

describe('sequential-calls', () => {
  const profile = get('/profiles/42');
  const orders = get('/orders?user=42');
  const two = (first: Part, second: Part, pauseMs = 1) =>
    row(2, (i) => (i === 0 ? first : second), 400, pauseMs);
  const found = (...parts: Part[]) => sentences('sequential-calls', [trace('a', root, ...parts)]);

  test('are two reads whose ids were in the request', () => {
    expect(found(...two(profile, orders))).toEqual([
      'shop · GET /dashboard/:id waits for shop → stock · GET /profiles/{n}, then shop → stock · GET /orders, one after the other: side by side they would save 401 ms of each trace (up to 40 %).',
    ]);
    expect(codesIn(trace('a', root, ...two(profile, orders)))).toEqual(['sequential-calls']);
  });

  test.each<[string, Part, Part]>([
    ['the second asks for what the first may have answered', profile, get('/orders/9')],
    ['the second has a value that the request had not', profile, get('/orders?cursor=x7')],
    [
      'one of them writes',
      profile,
      { ...orders, attributes: { ...orders.attributes, 'http.request.method': 'POST' } },
    ],
    ['the first decides whether the request may go on', get('/sessions/42'), orders],
    ['the first has failed', { ...profile, status: FAILED }, orders],
    ['they are the same', profile, profile],
    [
      'they are queries with parameters',
      { ...query, attributes: { 'db.system.name': 'x', 'db.query.text': 'SELECT 1' } },
      {
        ...query,
        name: 'q',
        attributes: { 'db.system.name': 'x', 'db.query.text': 'SELECT a FROM b WHERE c = ?' },
      },
    ],
  ])('are not found where %s', (_, first, second) => {
    expect(found(...two(first, second))).toEqual([]);
  });

  test('are not found where work lies between them, or little is saved', () => {
    expect(found(...two(profile, orders, 6))).toEqual([]);
    expect(found(...row(2, (i) => (i === 0 ? profile : orders), 90))).toEqual([]);
    expect(found(...row(2, (i) => (i === 0 ? profile : orders), 100))).toHaveLength(1);
  });

  test('save only what nothing else beside them takes', () => {
    const beside: Part = { id: 'b', parent: 'r', service: 'shop', name: 'render', startMs: 0, endMs: 780 };
    expect(found(...two(profile, orders), beside)).toEqual([]);
  });
});
