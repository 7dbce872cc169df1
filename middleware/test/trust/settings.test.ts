// How the settings of trust are given, checked and put together.

import type { IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startTracing, type TracingOptions, type TrustInbound, tracing } from '../../src/index.ts';
import { sharedState } from '../../src/shared/state.ts';
import { boundary, registerBoundary } from '../../src/trust/boundary.ts';
import { type TracedServer, tracedServer } from './support/traced-server.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = {
  traceparent: `00-${TRACE}-b7ad6b7169203331-01`,
  baggage: 'tenant=acme,role=admin,plan=gold',
};
const PUBLIC = { 'x-forwarded-for': '203.0.113.9' };

let server: TracedServer | undefined;
afterEach(async () => {
  delete process.env['LONGPOLE_TRUST_INBOUND'];
  await server?.stop();
  server = undefined;
  sharedState().boundaries = [];
});

async function isTrusted(headers: Record<string, string> = {}): Promise<boolean> {
  const { span } = (await server?.ask({ ...CALLER, ...headers })) ?? {};
  return span?.spanContext().traceId === TRACE;
}

describe('trustInbound', () => {
  it('is private when nobody says anything', async () => {
    server = await tracedServer({});
    expect([await isTrusted(), await isTrusted(PUBLIC)]).toEqual([true, false]);
  });

  it('of tracing() holds from its construction on', async () => {
    server = await tracedServer({});
    expect(await isTrusted()).toBe(true);
    tracing({ trustInbound: 'never' });
    expect(await isTrusted()).toBe(false);
  });

  it('of startTracing() holds also when tracing was started already', async () => {
    server = await tracedServer({});
    startTracing({ trustInbound: 'never' });
    expect(await isTrusted()).toBe(false);
  });

  it('of startTracing() ends with the shutdown', async () => {
    server = await tracedServer({ trustInbound: 'never' });
    await server.stop();
    server = await tracedServer({});
    expect(await isTrusted()).toBe(true);
  });

  it.each<[TrustInbound[], boolean, boolean]>([
    [['always', 'private'], true, false],
    [['always', 'never'], false, false],
    [['private', () => true], true, false],
    [['always', (request) => request.headers['x-forwarded-for'] !== undefined], false, true],
  ])('%p together: all must trust', async (settings, ofPrivate, ofPublic) => {
    server = await tracedServer({});
    for (const trustInbound of settings) tracing({ trustInbound });
    expect([await isTrusted(), await isTrusted(PUBLIC)]).toEqual([ofPrivate, ofPublic]);
  });

  it.each<[string, TrustInbound | undefined, boolean]>([
    ['never', undefined, false],
    ['never', 'always', false],
    ['always', 'never', true],
    ['always', () => false, false],
    ['never', () => true, true],
    ['everybody', 'never', false],
    [' never ', 'always', false],
  ])('LONGPOLE_TRUST_INBOUND=%s wins over %p, unless that is a function', async (word, option, expected) => {
    process.env['LONGPOLE_TRUST_INBOUND'] = word;
    server = await tracedServer(option === undefined ? {} : { trustInbound: option });
    expect(await isTrusted()).toBe(expected);
  });

  it('LONGPOLE_TRUST_INBOUND with a value that makes no sense gets a line', async () => {
    process.env['LONGPOLE_TRUST_INBOUND'] = 'nobody';
    const lines: string[] = [];
    server = await tracedServer({ log: (line) => lines.push(line) });
    expect(lines[0]).toBe(
      'longpole: LONGPOLE_TRUST_INBOUND=nobody cannot be used: expected one of always, never, private; using what the code says, or private',
    );
  });

  it('adds nothing to the start line', async () => {
    const lines: string[] = [];
    server = await tracedServer({ trustInbound: 'never', service: 'edge', log: (line) => lines.push(line) });
    expect(lines).toEqual([expect.stringMatching(/^longpole: tracing edge by listening to http, fetch and/)]);
  });

  it.each<[string, (request: IncomingMessage) => unknown]>([
    [
      'throws',
      () => {
        throw new Error('not today');
      },
    ],
    ['answers with a promise', () => Promise.resolve(true)],
    ['answers with something that is merely truthy', () => 1],
    ['answers with nothing', () => undefined],
  ])('as a function that %s trusts nobody, and that is counted', async (_what, predicate) => {
    server = await tracedServer({ trustInbound: predicate as (request: IncomingMessage) => boolean });
    const before = sharedState().faults;
    expect(await isTrusted()).toBe(false);
    expect(sharedState().faults).toBe(before + 1);
  });
});

describe('baggage', () => {
  it('of a trusted caller is kept by its listed keys, the rest is counted', async () => {
    server = await tracedServer({ baggage: ['tenant', 'plan'] });
    const { baggage, passedOn, drops } = await server.ask(CALLER);
    expect(baggage).toEqual({ tenant: 'acme', plan: 'gold' });
    expect(passedOn['baggage']).toBe('tenant=acme,plan=gold');
    expect(drops).toEqual({ baggage_key_not_listed: 1 });
  });

  it('is kept without a list, and dropped whole by an empty one', async () => {
    server = await tracedServer({});
    expect((await server.ask(CALLER)).baggage).toEqual({ tenant: 'acme', role: 'admin', plan: 'gold' });
    tracing({ baggage: [] });
    const { baggage, passedOn, drops } = await server.ask(CALLER);
    expect([baggage, passedOn['baggage'], drops]).toEqual([{}, undefined, { baggage_key_not_listed: 3 }]);
  });

  it('of an untrusted caller is dropped, listed or not', async () => {
    server = await tracedServer({ baggage: ['tenant'], trustInbound: 'never' });
    const { baggage, drops } = await server.ask(CALLER);
    expect([baggage, drops]).toEqual([{}, { untrusted_parent: 1, untrusted_baggage: 1 }]);
  });
});

describe('propagateTo', () => {
  it('of several is put together', () => {
    registerBoundary({ propagateTo: ['a.example'] });
    registerBoundary({ propagateTo: { hosts: ['b.example'], traceparent: 'allowed-hosts' } });
    const { mayHearAll, holdsTraceIdBack } = boundary();
    expect(['a.example', 'b.example', 'c.example'].map(mayHearAll)).toEqual([true, true, false]);
    expect(holdsTraceIdBack).toBe(true);
  });
});

describe('a wrong value throws at construction and names the cure', () => {
  it.each<[string, object, RegExp]>([
    [
      'a misspelt word',
      { trustInbound: 'allways' },
      /"allways" for `trustInbound`: expected 'always', 'never'/,
    ],
    ['a misspelt option', { trustInbund: 'never' }, /Did you mean `trustInbound`\?/],
    [
      'a URL',
      { propagateTo: ['https://a.example'] },
      /for `propagateTo`: expected host names without scheme/,
    ],
    ['a misspelt key', { propagateTo: { host: ['a.example'] } }, /Did you mean `hosts`\?/],
    ['a misspelt choice', { propagateTo: { traceparent: 'allowed' } }, /'everywhere', 'allowed-hosts'/],
    ['keys that are no strings', { baggage: [/tenant/] }, /for `baggage`: expected a non-empty string/],
  ])('%s', (_what, options, message) => {
    expect(() => tracing(options as TracingOptions)).toThrow(message);
    expect(() => startTracing(options)).toThrow(message);
    expect(sharedState().boundaries).toEqual([]);
  });
});
