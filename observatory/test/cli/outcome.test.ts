// How failed spans are shown: the word in their row, and the error below the waterfall.
import { describe, expect, test } from '@jest/globals';
import { firstError, outcomeText } from '../../src/cli/waterfall/outcome.ts';
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
  return firstError(buildTree({ traceId: TRACE_ID, spans }));
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

test('the error a request began with is told, also of a server that answered 4xx and is not marked as failed', () => {
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

describe('of several errors', () => {
  const attempt = (id: string, startMs: number, part: Partial<Span>): Span =>
    makeSpan({ id, parent: 'r', service: 'gateway', kind: 'CLIENT', startMs, endMs: startMs + 5, ...part });
  const failing = (code: number, peer: string): Partial<Span> => ({
    name: 'POST',
    status: FAILED,
    attributes: { ...status(code), 'service.peer.name': peer, 'error.type': String(code) },
  });
  const answer = (id: string, parent: string, name: string, code: number, why: string): Span =>
    makeSpan({
      id,
      parent,
      service: 'inventory',
      name,
      kind: 'SERVER',
      status: FAILED,
      attributes: status(code),
      events: [exception('Problem', why)],
    });

  test('the one that began it is told, not the one of the clean-up afterwards', () => {
    const reserve = attempt('a', 10, failing(503, 'inventory'));
    const release = attempt('b', 20, { ...failing(404, 'inventory'), name: 'DELETE' });
    const error = errorOf(
      { ...root, endNs: root.endNs + 30_000_000n },
      reserve,
      answer('c', 'a', 'POST /reservations', 503, 'failing as told'),
      release,
      answer('d', 'b', 'DELETE /reservations/:id', 404, 'no such reservation'),
    );
    expect(error).toBe('error: inventory · POST /reservations: Problem: failing as told');
  });

  test('one that a later attempt made good is passed over', () => {
    const error = errorOf(
      root,
      attempt('a', 10, failing(503, 'inventory')),
      attempt('b', 20, { name: 'POST', attributes: { ...status(201), 'service.peer.name': 'inventory' } }),
      attempt('c', 30, failing(500, 'payment')),
      answer('d', 'a', 'POST /reservations', 503, 'restarting'),
      answer('e', 'c', 'POST /charges', 500, 'the books are locked'),
    );
    expect(error).toBe('error: inventory · POST /charges: Problem: the books are locked');
  });

  test('a refusal before an error is passed over', () => {
    const error = errorOf(
      root,
      attempt('a', 10, failing(404, 'cache')),
      attempt('b', 20, failing(500, 'payment')),
      answer('c', 'b', 'POST /charges', 500, 'the books are locked'),
    );
    expect(error).toBe('error: inventory · POST /charges: Problem: the books are locked');
  });

  test('it is found below spans that do not say that they failed', () => {
    const wrap = makeSpan({ id: 'w', parent: 'r', service: 'gateway', name: 'handle', endMs: 40 });
    const inner = { ...attempt('a', 10, failing(500, 'payment')), parentSpanId: wrap.spanId };
    const said = answer('c', 'a', 'POST /charges', 500, 'the books are locked');
    expect(errorOf(root, wrap, inner, said)).toContain('the books are locked');
  });

  test('of a request that went well the first error it swallowed is told', () => {
    const well = { ...root, status: { code: 'UNSET', message: '' } } as const;
    const ledger = attempt('a', 10, { name: 'record', status: { code: 'ERROR', message: 'LedgerLocked' } });
    const again = attempt('b', 20, { name: 'log', status: { code: 'ERROR', message: 'too late' } });
    expect(errorOf(well, ledger, again)).toBe('error: gateway · record: LedgerLocked');
  });
});
