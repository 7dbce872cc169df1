// Broken propagation: told from both halves of a torn trace, from one half with care, and not from what only looks like it.
import { describe, expect, test } from '@jest/globals';
import { diagnose } from '../../../src/analysis/findings/index.ts';
import type { makeSpan } from '../../trace/draw.ts';
import { codesIn, FAILED, http, LATER, linkTo, sentences, trace } from './sets.ts';

type Part = Parameters<typeof makeSpan>[0];

const root: Part = { id: 'r', service: 'gateway', name: 'POST /checkout', kind: 'SERVER', endMs: 100 };
const toPayment = http('POST', 201, {
  'service.peer.name': 'payment',
  'url.full': 'http://payment:8083/charges?x=1',
  'server.address': 'payment',
});

function call(part: Part = {}): Part {
  const times = { startMs: 10, endMs: 90 };
  return {
    id: 'c',
    parent: 'r',
    service: 'gateway',
    name: 'POST',
    kind: 'CLIENT',
    attributes: toPayment,
    ...times,
    ...part,
  };
}

function answer(part: Part = {}): Part {
  const attributes = http('POST', 201, { 'url.path': '/charges', 'server.address': 'payment' });
  const times = { startMs: 11, endMs: 89 };
  return {
    id: 's',
    service: 'payment',
    name: 'POST /charges',
    kind: 'SERVER',
    attributes,
    ...times,
    ...part,
  };
}

const TORN =
  'gateway called payment once without the trace context: payment · POST /charges began a trace of its own each time.';

describe('both halves', () => {
  test('in two traces name caller, callee and both traces', () => {
    const found = diagnose([trace('a', root, call()), trace('b', answer())]);
    expect(found).toMatchObject([
      {
        code: 'broken-propagation',
        severity: 'error',
        sentence: TORN,
        count: 1,
        traces: 1,
        services: ['gateway', 'payment'],
      },
    ]);
    expect(found[0]?.traceIds).toEqual(['a'.repeat(32), 'b'.repeat(32)]);
    expect(found[0]?.evidence.map(({ operation }) => operation)).toEqual(['POST', 'POST /charges']);
  });

  test('in one trace that kept its id are broken propagation and no second root', () => {
    expect(codesIn(trace('a', root, call(), answer()))).toEqual(['broken-propagation']);
    expect(codesIn(trace('a', root, call(), answer({ parent: 'proxy' })))).toEqual(['broken-propagation']);
  });

  test('of many calls at once are paired one to one', () => {
    const traces = [...'1234'].flatMap((letter, i) => [
      trace(letter, root, call({ startMs: 10 + i })),
      trace('abcd'.charAt(i), answer({ id: `s${i}`, startMs: 12 + i })),
    ]);
    const [found] = diagnose(traces);
    expect(found?.count).toBe(4);
  });

  test('without the name of the service are paired by host and path', () => {
    const { 'service.peer.name': _, ...unnamed } = toPayment;
    expect(
      sentences('broken-propagation', [
        trace('a', root, call({ attributes: unnamed })),
        trace('b', answer()),
      ]),
    ).toEqual([TORN]);
  });

  test.each([
    ['another service', { service: 'billing' }],
    ['another path', { attributes: http('POST', 201, { 'url.path': '/refunds' }) }],
    ['another method', { attributes: http('PUT', 201, { 'url.path': '/charges' }) }],
    ['another status', { attributes: http('POST', 202, { 'url.path': '/charges' }) }],
    ['earlier than the call', { startMs: 4, endMs: 80 }],
    ['longer than the call', { startMs: 11, endMs: 96 }],
  ])('do not belong together: %s', (_, part) => {
    expect(sentences('broken-propagation', [trace('a', root, call()), trace('b', answer(part))])).toEqual([]);
  });

  test('of an untrusted caller are told as such, as a warning', () => {
    const linked = answer({ links: [linkTo('a', 'c', 0x301, { 'longpole.link': 'untrusted_caller' })] });
    const [found] = diagnose([trace('a', root, call()), trace('b', linked)]);
    expect(found).toMatchObject({ code: 'broken-propagation', severity: 'warning' });
    expect(found?.sentence).toBe(
      'payment does not trust gateway: payment · POST /charges began a trace of its own once and is only linked to its caller.',
    );
  });

  test('a link to an untrusted caller outside of the set is the edge of the system, and fine', () => {
    const edge = { ...root, links: [linkTo('e', 'x', 0x301, { 'longpole.link': 'untrusted_caller' })] };
    expect(codesIn(trace('a', edge))).toEqual([]);
  });
});

describe('one half', () => {
  const traced = trace('b', answer({ startMs: 500, endMs: 510 }));

  test('is told of a service that has other spans, when the grace is over', () => {
    const set = [trace('a', root, call()), traced];
    expect(sentences('broken-propagation', set)).toEqual([]);
    expect(sentences('broken-propagation', set, { nowNs: LATER })).toEqual([
      'gateway called payment once (POST /charges) and got an answer, but no span of payment belongs to these calls.',
    ]);
  });

  test('is not told of a service without any span: it may not be traced', () => {
    expect(codesIn(trace('a', root, call()))).toEqual([]);
  });

  test.each([
    ['failed', { status: FAILED }],
    ['was given up', { attributes: { ...toPayment, 'longpole.cancelled': true } }],
    ['has no answer yet', { attributes: { 'http.request.method': 'POST', 'service.peer.name': 'payment' } }],
    ['asks a database', { attributes: { ...toPayment, 'db.system.name': 'postgresql' } }],
  ])('is not told of a call that %s', (_, part) => {
    const set = [trace('a', root, call(part)), traced];
    expect(sentences('broken-propagation', set, { nowNs: LATER })).toEqual([]);
  });

  test('a SERVER span in a whole trace whose parent is missing has a caller that does not export', () => {
    const orphan = answer({ parent: 'sidecar', service: 'auth', name: 'GET /me' });
    expect(sentences('broken-propagation', [trace('a', root, orphan)], { nowNs: LATER })).toEqual([
      'auth · GET /me names a caller that is in no trace, once: somebody between it and the service above makes spans and does not send them.',
    ]);
  });

  test('a trace that begins below a caller outside is fine', () => {
    expect(codesIn(trace('a', { ...root, parent: 'browser' }))).toEqual([]);
  });
});

describe('a message', () => {
  const job: Part = { id: 'j', service: 'notify', name: 'send mail', kind: 'CONSUMER', endMs: 5 };
  const message = { 'messaging.system': 'kafka', 'messaging.message.id': '7' };

  test('without a link and without a parent is cut off', () => {
    expect(codesIn(trace('a', { ...job, attributes: message }))).toEqual(['broken-propagation']);
  });

  test('is fine with a link, as a job of the clock, and while it is only fetched', () => {
    expect(codesIn(trace('a', { ...job, attributes: message, links: [linkTo('b', 'p')] }))).toEqual([]);
    expect(codesIn(trace('a', job))).toEqual([]);
    const poll = { ...message, 'messaging.operation.type': 'receive' };
    expect(codesIn(trace('a', { ...job, attributes: poll }))).toEqual([]);
  });
});
