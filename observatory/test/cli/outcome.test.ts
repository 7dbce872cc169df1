// How failed spans are shown: the word in their row, and the error below the waterfall.
import { expect, test } from '@jest/globals';
import { deepestError, outcomeText } from '../../src/cli/waterfall/outcome.ts';
import type { AttributeMap, Span, SpanEvent } from '../../src/trace/span.ts';
import { buildTree } from '../../src/trace/tree.ts';
import { makeSpan, TRACE_ID } from '../trace/draw.ts';

const FAILED = { code: 'ERROR', message: '' } as const;
const status = (code: number | bigint): AttributeMap => ({ 'http.response.status_code': code });

function exception(type: string, message: string): SpanEvent {
  const attributes = { 'exception.type': type, 'exception.message': message };
  return { name: 'exception', timeNs: 0n, attributes, droppedAttributesCount: 0 };
}

function errorOf(...spans: Span[]): string | undefined {
  return deepestError(buildTree({ traceId: TRACE_ID, spans }));
}

test.each<[string, Partial<Span>]>([
  [' → 402', { kind: 'CLIENT', status: FAILED, attributes: { ...status(402n), 'error.type': '402' } }],
  [' → 500', { kind: 'SERVER', status: FAILED, attributes: { ...status(500), 'error.type': 'TypeError' } }],
  [' → 404', { kind: 'SERVER', attributes: status(404n) }],
  [' → 503', { kind: 'CLIENT', status: FAILED, attributes: { 'http.status_code': 503n } }],
  [': ECONNREFUSED', { kind: 'CLIENT', status: FAILED, attributes: { 'error.type': 'ECONNREFUSED' } }],
  [': TypeError', { status: FAILED, events: [exception('TypeError', 'x is not a function')] }],
  [': a\\x1b[2J', { status: FAILED, attributes: { 'error.type': 'a\x1b[2J' } }],
  ['', { status: FAILED, attributes: { 'error.type': '_OTHER' } }],
  ['', { kind: 'SERVER', attributes: status(201n) }],
  ['', { kind: 'CLIENT', attributes: status(404n) }],
  ['', { attributes: { 'error.type': 'Handled' } }],
])('%j of %j', (text, part) => {
  expect(outcomeText(makeSpan(part))).toBe(text);
});

const root = makeSpan({
  id: 'r',
  service: 'gateway',
  name: 'POST /checkout',
  kind: 'SERVER',
  status: FAILED,
});
const call = makeSpan({
  id: 'c',
  parent: 'r',
  service: 'gateway',
  name: 'POST',
  kind: 'CLIENT',
  status: FAILED,
  attributes: { ...status(402n), 'error.type': '402' },
});

test('the deepest error is told, also of a server that answered 4xx and is not marked as failed', () => {
  const answer = makeSpan({
    id: 's',
    parent: 'c',
    service: 'payment',
    name: 'POST /charges',
    kind: 'SERVER',
    attributes: { ...status(402n), 'error.type': 'CardDeclined' },
    events: [exception('CardDeclined', 'no\x1b[2J money\nat line 1')],
  });
  expect(errorOf(root, call, answer)).toBe('error: payment · POST /charges: CardDeclined: no\\x1b[2J money');
});

test('a span that says why goes before a deeper one that only has a status', () => {
  const reason = { ...root, status: { code: 'ERROR', message: 'payment failed' } } as const;
  expect(errorOf(reason, call)).toBe('error: gateway · POST /checkout: payment failed');
  expect(errorOf(root, call)).toBe('error: gateway · POST: 402');
  expect(errorOf(root)).toBe('error: gateway · POST /checkout: failed, and does not say why');
});

test('a request without a failed span has no error, though a server answered 404', () => {
  expect(errorOf(makeSpan({ kind: 'SERVER', attributes: status(404n) }))).toBeUndefined();
});
