// What becomes of each kind of incoming trace context under each setting of trustInbound.

import { afterEach, describe, expect, it } from '@jest/globals';
import { TraceFlags } from '@opentelemetry/api';
import { AlwaysOffSampler, AlwaysOnSampler, ParentBasedSampler } from '@opentelemetry/sdk-trace';
import type { TrustInbound } from '../../src/index.ts';
import { type Outcome, type TracedServer, tracedServer } from './support/traced-server.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const members = (count: number): string => Array.from({ length: count }, (_, i) => `k${i}=v`).join(',');

const INBOUND: Record<string, Record<string, string | string[]>> = {
  none: {},
  valid: { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: 'a=1', baggage: 'tenant=acme' },
  'forged sampled': { traceparent: `00-${TRACE}-${SPAN}-01` },
  'forged unsampled': { traceparent: `00-${TRACE}-${SPAN}-00` },
  malformed: { traceparent: `00-${TRACE}-${SPAN}-0`, tracestate: 'a=1' },
  'a tracestate of 33 members': { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: members(33) },
  '200 baggage headers': {
    traceparent: `00-${TRACE}-${SPAN}-01`,
    baggage: Array.from({ length: 200 }, (_, i) => `key${i}=value`),
  },
};

const PUBLIC = { 'x-forwarded-for': '203.0.113.9' };
const isFriend = { 'x-friend': 'yes' };
const askFriend: TrustInbound = (request) => request.headers['x-friend'] === 'yes';

/** Each setting, with the headers that make the caller trusted or not. */
const CALLERS: readonly (readonly [string, TrustInbound, Record<string, string>, boolean])[] = [
  ["'always', a public caller", 'always', PUBLIC, true],
  ["'never', a private caller", 'never', {}, false],
  ["'private', a private caller", 'private', {}, true],
  ["'private', a public caller", 'private', PUBLIC, false],
  ['a function that says yes', askFriend, isFriend, true],
  ['a function that says no', askFriend, {}, false],
];

let server: TracedServer;
afterEach(() => server.stop());

const continues = [
  'valid',
  'forged sampled',
  'forged unsampled',
  'a tracestate of 33 members',
  '200 baggage headers',
];
const flags = (name: string): number => (name === 'forged unsampled' ? TraceFlags.NONE : TraceFlags.SAMPLED);

function expectTrusted(name: string, { span, baggage, passedOn, drops }: Outcome): void {
  const isContinued = continues.includes(name);
  if (flags(name) === TraceFlags.NONE) expect(span).toBeUndefined();
  else expect(span?.parentSpanContext?.spanId).toBe(isContinued ? SPAN : undefined);
  expect(span?.links ?? []).toEqual([]);
  expect(passedOn.traceparent?.slice(3, 35) === TRACE).toBe(isContinued);
  expect(passedOn.tracestate).toBe(name === 'valid' ? 'a=1' : undefined);
  if (name === 'valid') expect(baggage).toEqual({ tenant: 'acme' });
  if (name === '200 baggage headers') expect(Object.keys(baggage)).toHaveLength(180);
  expect(Object.keys(drops).filter((cause) => cause.startsWith('untrusted'))).toEqual([]);
}

function expectUntrusted(name: string, { span, baggage, passedOn, drops }: Outcome): void {
  expect(span?.parentSpanContext).toBeUndefined();
  expect(span?.spanContext().traceId).not.toBe(TRACE);
  expect(span?.spanContext().traceState?.serialize() ?? '').toBe('');
  const links = span?.links.map(({ context }) => ({ ...context }));
  const link = { traceId: TRACE, spanId: SPAN, traceFlags: TraceFlags.NONE, isRemote: true };
  expect(links).toEqual(continues.includes(name) ? [link] : []);
  expect(baggage).toEqual({});
  expect([passedOn.tracestate, passedOn.baggage]).toEqual([undefined, undefined]);
  expect(passedOn.traceparent?.slice(3, 35)).toBe(span?.spanContext().traceId);
  const sent = INBOUND[name] ?? {};
  expect(drops).toEqual({
    ...(continues.includes(name) ? { untrusted_parent: 1 } : {}),
    ...(sent['tracestate'] === undefined ? {} : { untrusted_tracestate: 1 }),
    ...(sent['baggage'] === undefined ? {} : { untrusted_baggage: 1 }),
    ...(name === 'malformed' ? { traceparent_invalid: 1 } : {}),
  });
}

describe.each(CALLERS)('%s', (_title, trustInbound, headers, isTrusted) => {
  it.each(Object.keys(INBOUND))(
    isTrusted ? 'continues what is valid: %s' : 'begins a trace: %s',
    async (name) => {
      server = await tracedServer({ trustInbound });
      const outcome = await server.ask({ ...INBOUND[name], ...headers });
      if (isTrusted) expectTrusted(name, outcome);
      else expectUntrusted(name, outcome);
    },
  );
});

describe('sampling of an untrusted caller', () => {
  it('is not forced by 01', async () => {
    server = await tracedServer({
      trustInbound: 'never',
      sampler: new ParentBasedSampler({ root: new AlwaysOffSampler() }),
    });
    const outcomes = [];
    for (let i = 0; i < 20; i += 1) outcomes.push(await server.ask(INBOUND['forged sampled'] ?? {}));
    expect(outcomes.filter(({ span }) => span !== undefined)).toEqual([]);
    expect(outcomes[0]?.passedOn.traceparent).toMatch(/-0[02]$/);
  });

  it('is not forbidden by 00', async () => {
    server = await tracedServer({
      trustInbound: 'never',
      sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
    });
    const { span, passedOn } = await server.ask(INBOUND['forged unsampled'] ?? {});
    expect(span?.spanContext().traceFlags).toBe(TraceFlags.SAMPLED);
    expect(passedOn.traceparent).toMatch(/-0[13]$/);
  });
});
