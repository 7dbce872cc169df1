// The warning about a call whose answer is not in the trace: when it comes, and when it must not.
import { expect, test } from '@jest/globals';
import { analyzeTrace } from '../../src/analysis/analyze-trace.ts';
import type { AttributeMap, Span } from '../../src/trace/span.ts';
import { makeSpan, TRACE_ID } from '../trace/draw.ts';

const HTTP = { 'http.request.method': 'POST', 'http.response.status_code': 201n };
const TO_PAYMENT = { ...HTTP, 'service.peer.name': 'payment' };

const root = makeSpan({ id: 'r', service: 'gateway', name: 'POST /checkout', kind: 'SERVER', endMs: 100 });

function callOf(attributes: AttributeMap, part: Partial<Span> & { id?: string } = {}): Span {
  const times = { startMs: 10, endMs: 90 };
  return makeSpan({
    id: 'c',
    parent: 'r',
    service: 'gateway',
    kind: 'CLIENT',
    attributes,
    ...times,
    ...part,
  });
}

function warningsOf(...spans: Span[]): string[] {
  return analyzeTrace({ traceId: TRACE_ID, spans: [root, ...spans] }).warnings.map((one) => one.message);
}

test('a call that was answered by a service without spans is told, once for each pair of services', () => {
  expect(warningsOf(callOf(TO_PAYMENT), callOf(TO_PAYMENT, { id: 'd' }))).toEqual([
    'payment was called from gateway but its spans are not in this trace (yet): is the context propagated?',
  ]);
});

test('not where the answer is in the trace', () => {
  const answer = makeSpan({
    id: 's',
    parent: 'c',
    service: 'payment',
    kind: 'SERVER',
    startMs: 11,
    endMs: 89,
  });
  expect(warningsOf(callOf(TO_PAYMENT), answer)).toEqual([]);
});

test('not for calls that failed, got no answer, are no HTTP, or do not name a service', () => {
  const failed = callOf(TO_PAYMENT, { status: { code: 'ERROR', message: '' } });
  const open = callOf({ 'http.request.method': 'POST', 'service.peer.name': 'payment' });
  const query = callOf({ 'db.system.name': 'postgresql', 'service.peer.name': 'payment' });
  for (const call of [failed, open, query, callOf(HTTP)]) expect(warningsOf(call)).toEqual([]);
});
