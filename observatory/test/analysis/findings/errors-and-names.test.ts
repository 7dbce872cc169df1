// Swallowed errors, storms of errors, skewed clocks, several roots, routes and names: at their thresholds.
import { describe, expect, test } from '@jest/globals';
import { diagnose } from '../../../src/analysis/findings/index.ts';
import type { makeSpan } from '../../trace/draw.ts';
import { codesIn, FAILED, http, sentences, trace } from './sets.ts';

type Part = Parameters<typeof makeSpan>[0];

const root: Part = { id: 'r', service: 'shop', name: 'POST /orders', kind: 'SERVER', endMs: 100 };
const child = (part: Part): Part => ({
  id: 'c',
  parent: 'r',
  service: 'shop',
  name: 'charge',
  startMs: 10,
  endMs: 20,
  ...part,
});

describe('swallowed-error', () => {
  const failed = child({ status: FAILED, attributes: { 'error.type': 'Timeout' } });
  const found = (...parts: Part[]) => sentences('swallowed-error', [trace('a', ...parts)]);

  test('is a failed child of a request that is fine', () => {
    expect(found(root, failed)).toEqual([
      'shop · charge failed once (Timeout) inside shop · POST /orders, which ended as if nothing had happened.',
    ]);
  });

  test('is found through spans that are fine, and once for each chain of failed ones', () => {
    const between = child({ id: 'b' });
    expect(found(root, between, { ...failed, parent: 'b' })).toHaveLength(1);
    const below = child({ id: 'd', parent: 'c', status: FAILED, startMs: 12, endMs: 18 });
    const [only] = diagnose([trace('a', root, failed, below)], { only: ['swallowed-error'] });
    expect(only?.count).toBe(1);
  });

  test.each<[string, Part, Part[]]>([
    ['the request failed', { ...root, status: FAILED }, [failed]],
    ['the request was refused', { ...root, attributes: http('POST', 409) }, [failed]],
    [
      'the request has the exception',
      { ...root, events: [{ name: 'exception', timeNs: 1n, attributes: {}, droppedAttributesCount: 0 }] },
      [failed],
    ],
    ['it was tried again and worked', root, [failed, child({ id: 'd', startMs: 20, endMs: 30 })]],
    ['it is a 404 that was dealt with', root, [{ ...failed, kind: 'CLIENT', attributes: http('GET', 404) }]],
    [
      'it failed in another service',
      root,
      [child({ kind: 'CLIENT' }), { ...failed, id: 'd', parent: 'c', service: 'bank', kind: 'SERVER' }],
    ],
  ])('is none where %s', (_, top, others) => {
    expect(found(top, ...others)).toEqual([]);
  });

  test('is one where it worked before and failed then', () => {
    expect(found(root, child({ id: 'd', startMs: 1, endMs: 5 }), failed)).toHaveLength(1);
  });
});

describe('error-storm', () => {
  const request = (i: number, fails: boolean) => {
    const status = fails ? { status: FAILED } : {};
    return trace(
      i.toString(16),
      { ...root, ...status },
      child({ ...status, attributes: fails ? { 'error.type': 'Down' } : {} }),
    );
  };
  const set = (all: number, failing: number) =>
    Array.from({ length: all }, (_, i) => request(i, i < failing));

  test('is five failures that are a fifth of the requests', () => {
    expect(codesIn(...set(4, 4))).toEqual([]);
    expect(sentences('error-storm', set(15, 5))).toEqual([
      '5 of 15 requests of shop · POST /orders failed (33 %): the errors begin at shop · charge (Down).',
    ]);
    const many = Array.from({ length: 26 }, (_, i) => request(i % 16, i < 5));
    expect(sentences('error-storm', many)).toEqual([]);
  });

  test('is twenty failed calls in one request', () => {
    const calls = (count: number) =>
      Array.from({ length: count }, (_, i) =>
        child({ id: `c${i}`, kind: 'CLIENT', name: 'SET key', status: FAILED }),
      );
    expect(sentences('error-storm', [trace('a', root, ...calls(19))])).toEqual([]);
    expect(sentences('error-storm', [trace('a', root, ...calls(20))])).toEqual([
      'shop · SET key failed up to 20 times inside one shop · POST /orders.',
    ]);
  });
});

describe('clock-skew', () => {
  const call = child({ id: 'c', kind: 'CLIENT', startMs: 10, endMs: 60 });
  const answer = (startMs: number, endMs: number, service = 'bank'): Part => ({
    id: 's',
    parent: 'c',
    service,
    name: 'POST /charges',
    kind: 'SERVER',
    startMs,
    endMs,
  });
  const found = (...parts: Part[]) => sentences('clock-skew', [trace('a', root, ...parts)]);

  test('is an answer that begins ten milliseconds before its call', () => {
    expect(found(call, answer(0.1, 40))).toEqual([]);
    expect(found(call, answer(0, 40))).toEqual([
      'The clock of bank is up to 10 ms behind that of shop: 1 of its answers begin before their calls.',
    ]);
  });

  test('is an answer that begins after its call has ended, or ends a second later', () => {
    expect(found(call, answer(70, 100))).toEqual([
      'The clock of bank is up to 40 ms ahead of that of shop: 1 of its answers end after their calls.',
    ]);
    expect(found({ ...call, endMs: 2_400 }, answer(1_400, 3_399))).toHaveLength(0);
    expect(found({ ...call, endMs: 2_400 }, answer(1_500, 3_400))).toHaveLength(1);
  });

  test('is three answers that end a tenth of a second after their calls', () => {
    const slow = { ...call, endMs: 400 };
    const set = (count: number, endMs: number) =>
      [...'123'].slice(0, count).map((letter) => trace(letter, root, slow, answer(300, endMs)));
    expect(sentences('clock-skew', set(2, 501))).toEqual([]);
    expect(sentences('clock-skew', set(3, 499))).toEqual([]);
    expect(sentences('clock-skew', set(3, 501))).toHaveLength(1);
  });

  test('is not a server that closes late, or goes on when its caller has gone', () => {
    expect(found(call, answer(12, 75))).toEqual([]);
    expect(found({ ...call, status: FAILED }, answer(30, 400))).toEqual([]);
    expect(found({ ...call, attributes: { 'longpole.cancelled': true } }, answer(30, 70))).toEqual([]);
  });
});

test('several roots are told by their names', () => {
  const other: Part = { id: 'x', service: 'cron', name: 'cleanup', startMs: 500, endMs: 510 };
  expect(sentences('several-roots', [trace('a', root, other)])).toEqual([
    'cron · cleanup begins once beside shop · POST /orders in the same trace, without a parent.',
  ]);
  expect(codesIn(trace('a', root, other))).toEqual(['several-roots']);
});

describe('missing-route', () => {
  const resource = (language: string): NonNullable<Part['resource']> => ({
    attributes: {
      'service.name': 'shop',
      ...(language === '' ? {} : { 'telemetry.sdk.language': language }),
    },
    droppedAttributesCount: 0,
  });
  const request = (path: string, part: Part = {}, status = 200) => {
    const attributes = http('GET', status, { 'url.path': path });
    return { ...root, name: 'GET', resource: resource('nodejs'), attributes, ...part } as Part;
  };
  const three = (path: string, part: Part = {}, status = 200) =>
    [...'123'].map((letter) => trace(letter, request(path, part, status)));

  test('is told from three successful requests on', () => {
    expect(codesIn(...three('/reports/7').slice(1))).toEqual([]);
    expect(sentences('missing-route', three('/reports/7'))).toEqual([
      '3 GET requests of shop succeeded without http.route, such as /reports/{n}.',
    ]);
  });

  test.each<[string, string, Part, number]>([
    ['of files', '/app.css', {}, 200],
    ['of the front page', '/', {}, 200],
    ['of what was not found', '/reports/7', {}, 404],
    ['of proxies', '/reports/7', { resource: resource('cpp') }, 200],
    ['of who does not say what it is', '/reports/7', { resource: resource('') }, 200],
    [
      'with a route',
      '/reports/7',
      { attributes: http('GET', 200, { 'url.path': '/reports/7', 'http.route': '/reports/:id' }) },
      200,
    ],
    ['of OPTIONS', '/reports/7', { attributes: http('OPTIONS', 204, { 'url.path': '/reports/7' }) }, 204],
  ])('is not told %s', (_, path, part, status) => {
    expect(sentences('missing-route', three(path, part, status))).toEqual([]);
  });
});

describe('high-cardinality-name', () => {
  const named = (...names: string[]) =>
    names.map((name, i) => trace((i % 16).toString(16), { ...root, name }));
  const found = (...names: string[]) => sentences('high-cardinality-name', named(...names));

  test('is an id or an address in one name', () => {
    expect(found('process 0f0e0d0c-0b0a-4908-8706-050403020100')).toEqual([
      'The spans shop · process {id} have what varies in their names: 1 different name on 1 span.',
    ]);
    expect(found('load 5f1e9c0a7b3d4e2f')).toHaveLength(1);
    expect(
      JSON.stringify(diagnose(named('mail ada@example.com')).map(({ sentence }) => sentence)),
    ).not.toContain('ada@');
  });

  test('is three numbers in a path, or twenty elsewhere', () => {
    expect(found('GET /users/1', 'GET /users/2')).toEqual([]);
    expect(found('GET /users/1', 'GET /users/2', 'GET /users/3')).toEqual([
      'The spans shop · GET /users/{n} have what varies in their names: 3 different names on 3 spans.',
    ]);
    const steps = (count: number) => Array.from({ length: count }, (_, i) => `step ${i}`);
    expect(found(...steps(19))).toEqual([]);
    expect(found(...steps(20))).toHaveLength(1);
  });

  test('is not a version, a template or the same number again', () => {
    expect(found('GET /v1/users/:id', 'GET /v2/users/:id', 'GET /v3/users/:id', 'GET /v4/users/:id')).toEqual(
      [],
    );
    expect(found('GET /users/1', 'GET /users/1', 'GET /users/1')).toEqual([]);
    expect(found('decade', 'cafebabe', 'effaced')).toEqual([]);
  });
});
