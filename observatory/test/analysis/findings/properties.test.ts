// What holds for the doctor on every set of traces: it never fails, and order makes no difference.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { analyzeTrace, type TraceAnalysis } from '../../../src/analysis/analyze-trace.ts';
import { createDoctor, diagnose, FINDING_CODES } from '../../../src/analysis/findings/index.ts';
import type { AttributeMap, Span, SpanKind } from '../../../src/trace/span.ts';
import { makeSpan } from '../../trace/draw.ts';

const KINDS: SpanKind[] = ['INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER', 'UNSPECIFIED'];
const KEYS = [
  'http.request.method',
  'http.response.status_code',
  'http.route',
  'url.full',
  'url.path',
  'service.peer.name',
  'server.address',
  'db.system.name',
  'db.query.text',
  'messaging.system',
  'error.type',
  'longpole.missing_attributes',
  'longpole.folded.count',
  'longpole.folded.total_ms',
  'longpole.dropped_spans',
  'longpole.after_response',
  'http.request.resend_count',
  'sampler.param',
  'password',
];
const anyValue = fc.oneof(
  fc.constantFrom('GET', 'POST', '/a/1', 'http://a/a/1?x=1', 'sqlite', 'SELECT 1', 'one', 'two', 'timeout'),
  fc.string(),
  fc.double(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.string(), { maxLength: 3 }),
  fc.uint8Array({ maxLength: 4 }),
);
const anyAttributes: fc.Arbitrary<AttributeMap> = fc.dictionary(fc.constantFrom(...KEYS), anyValue, {
  maxKeys: 8,
});

const anySpan = fc.record({
  parent: fc.oneof({ weight: 8, arbitrary: fc.nat(25) }, { weight: 2, arbitrary: fc.constantFrom(-1, -2) }),
  startMs: fc.integer({ min: 0, max: 200 }),
  lengthMs: fc.integer({ min: -3, max: 120 }),
  service: fc.constantFrom('one', 'two', 'three'),
  name: fc.constantFrom('', 'work', 'GET', 'GET /a', 'job 17', 'item 0f0e0d0c-0b0a-4908-8706-050403020100'),
  kind: fc.constantFrom(...KINDS),
  failed: fc.boolean(),
  attributes: anyAttributes,
  traceState: fc.constantFrom('', 'ot=th:c', 'ot=th:fd70a4;rv:1', 'vendor=x'),
  linkTo: fc.option(fc.nat(25)),
  flags: fc.nat(1023),
});

/** Random traces that link into each other. */
const anySet = fc.array(fc.array(anySpan, { maxLength: 25 }), { maxLength: 6 }).map((traces) => {
  const idOf = (trace: number): string => String(trace + 1).padStart(32, '0');
  return traces.map((parts, t): TraceAnalysis => {
    const spans = parts.map(({ parent, startMs, lengthMs, failed, linkTo, flags, ...part }, i): Span => {
      const parentId = parent === -1 ? '' : parent === -2 ? 'gone' : `t${t}n${parent % parts.length}`;
      const span = makeSpan({
        ...part,
        id: `t${t}n${i}`,
        parent: i === 0 ? '' : parentId,
        startMs,
        endMs: startMs + lengthMs,
        traceId: idOf(t),
        status: { code: failed ? 'ERROR' : 'UNSET', message: '' },
      });
      if (linkTo === null) return span;
      const other = linkTo % traces.length;
      const target = makeSpan({ id: `t${other}n${linkTo}` });
      const rest = { traceState: '', attributes: {}, droppedAttributesCount: 0 };
      return { ...span, links: [{ ...rest, traceId: idOf(other), spanId: target.spanId, flags }] };
    });
    return analyzeTrace({ traceId: idOf(t), spans });
  });
});

const EAGER = {
  complete: true,
  thresholds: {
    stormRequests: 1,
    stormShare: 0,
    stormCalls: 2,
    noiseRepeats: 2,
    noiseShortSpans: 2,
    noiseSpans: 3,
    nPlusOneCalls: 2,
    nPlusOneMs: 0,
    sequentialMs: 0,
    sequentialShare: 0,
    retryAttempts: 2,
    routelessRequests: 1,
    distinctNames: 1,
    samplingJobs: 1,
    samplingShare: 0,
    graceMs: 0,
  },
};

describe('any set of traces', () => {
  test('is judged without failing, every finding with words, counts and evidence', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anySet, (analyses) => {
        const ids = new Set(analyses.map(({ tree }) => tree.traceId));
        for (const found of diagnose(analyses, EAGER)) {
          seen.add(found.code);
          expect(found.sentence).toMatch(/^\S.*\.$/);
          expect(found.sentence).not.toMatch(/undefined|NaN|Infinity|\[object/);
          for (const text of [found.cause, found.cure]) expect(text).toMatch(/^\S.*\.$/);
          expect(found.traces).toBeGreaterThan(0);
          expect(found.count).toBeGreaterThan(0);
          expect(found.evidence.length).toBeGreaterThan(0);
          expect(found.evidence.length).toBeLessThanOrEqual(10);
          for (const { traceId } of found.evidence) expect(found.traceIds).toContain(traceId);
          for (const id of found.traceIds) expect(ids.has(id)).toBe(true);
          expect(found.services).toEqual([...new Set(found.services)].toSorted());
        }
      }),
      { numRuns: 250, seed: 5 },
    );
    // Otherwise the property would say little: almost every kind of finding came up.
    expect(seen.size).toBeGreaterThanOrEqual(FINDING_CODES.length - 3);
  });

  test('is judged the same in any order of its traces', () => {
    fc.assert(
      fc.property(anySet, (analyses) => {
        const [forth, back] = [createDoctor(EAGER), createDoctor(EAGER)];
        for (const one of analyses) forth.add(one);
        for (const one of analyses.toReversed()) back.add(one);
        expect(back.finish()).toEqual(forth.finish());
      }),
      { numRuns: 150 },
    );
  });

  test('changes nothing of the traces', () => {
    fc.assert(
      fc.property(anySet, (analyses) => {
        const before = structuredClone(analyses.map(({ tree }) => tree.nodes.map(({ span }) => span)));
        diagnose(analyses, EAGER);
        expect(analyses.map(({ tree }) => tree.nodes.map(({ span }) => span))).toEqual(before);
      }),
      { numRuns: 50 },
    );
  });
});

test('nothing is found in an empty set, and in traces without spans', () => {
  expect(diagnose([])).toEqual([]);
  expect(diagnose([analyzeTrace({ traceId: 'a'.repeat(32), spans: [] })], EAGER)).toEqual([]);
});

/** A request through three services, two levels deep, in which everything is as it should be. */
const healthyCall = fc.record({ lengthMs: fc.integer({ min: 3, max: 400 }), route: fc.nat(50) });
const healthyTree = fc.array(healthyCall, { maxLength: 12 }).map((calls) => {
  let atMs = 1;
  const spans = calls.flatMap(({ lengthMs, route }, i) => {
    const path = `/route${String.fromCharCode(97 + (route % 26))}${String.fromCharCode(97 + i)}`;
    const http = { 'http.request.method': 'POST', 'http.response.status_code': 200n };
    const call = { ...http, 'url.full': `http://b${path}`, 'service.peer.name': 'b' };
    const answer = { ...http, 'url.path': path, 'http.route': path };
    const [startMs, endMs] = [atMs, atMs + lengthMs];
    atMs = endMs + 1;
    return [
      makeSpan({
        id: `c${i}`,
        parent: 'r',
        service: 'a',
        name: 'POST',
        kind: 'CLIENT',
        startMs,
        endMs,
        attributes: call,
      }),
      makeSpan({
        id: `s${i}`,
        parent: `c${i}`,
        service: 'b',
        name: `POST ${path}`,
        kind: 'SERVER',
        startMs: startMs + 1,
        endMs: endMs - 1,
        attributes: answer,
      }),
    ];
  });
  const attributes = { 'http.request.method': 'POST', 'http.response.status_code': 200n, 'http.route': '/' };
  return [
    makeSpan({ id: 'r', service: 'a', name: 'POST /', kind: 'SERVER', endMs: atMs, attributes }),
    ...spans,
  ];
});

test('nothing is found in a healthy trace of any shape', () => {
  fc.assert(
    fc.property(healthyTree, (spans) => {
      const analysis = analyzeTrace({ traceId: spans[0]?.traceId ?? '', spans });
      expect(diagnose([analysis], { complete: true, nowNs: 2n ** 62n })).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
