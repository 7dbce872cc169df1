// OTEL_PROPAGATORS: which headers are read and written, and how the formats get along.

import { afterEach, describe, expect, it } from '@jest/globals';
import {
  defaultTextMapGetter,
  defaultTextMapSetter,
  propagation,
  ROOT_CONTEXT,
  trace,
} from '@opentelemetry/api';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import {
  choosePropagator,
  propagatorFromEnvironment,
  unknownPropagatorLine,
  W3CPropagator,
} from '../../src/propagation/index.ts';
import { sharedState } from '../../src/shared/state.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const OTHER_TRACE = 'a3ce929d0e0e47364bf92f3577b34da6';
const SPAN = '00f067aa0ba902b7';

const tracer = new TracerProvider().getTracer('test');

/** The headers that a call carries which is made while a request with the headers `received` is served. */
function relay(names: readonly string[], received: Record<string, string>): Record<string, string> {
  const { propagator } = choosePropagator(names);
  if (propagator === null) return {};
  const parent = propagator.extract(ROOT_CONTEXT, received, defaultTextMapGetter);
  const client = tracer.startSpan(
    'client',
    {},
    trace.setSpan(parent, tracer.startSpan('server', {}, parent)),
  );
  const sent: Record<string, string> = {};
  propagator.inject(trace.setSpan(parent, client), sent, defaultTextMapSetter);
  return sent;
}

describe('choosing propagators', () => {
  it.each([
    [['tracecontext'], ['traceparent', 'tracestate']],
    [['baggage'], ['baggage']],
    [['b3'], ['b3']],
    [['jaeger'], ['uber-trace-id']],
    [
      ['tracecontext', 'tracecontext', 'baggage'],
      ['traceparent', 'tracestate', 'baggage'],
    ],
    [[], ['traceparent', 'tracestate', 'baggage']],
    [['nonsense'], ['traceparent', 'tracestate', 'baggage']],
  ])('%j has the headers %j', (names, fields) => {
    expect(choosePropagator(names).propagator?.fields()).toEqual(fields);
  });

  it('uses a name once that is given twice', () => {
    expect(choosePropagator(['tracecontext', 'tracecontext']).propagator).toBeInstanceOf(W3CPropagator);
  });

  it('names what it does not know, also words that every object has', () => {
    const { unknown } = choosePropagator(['tracecontext', 'b33', 'constructor']);
    expect(unknown).toEqual(['b33', 'constructor']);
    expect(unknownPropagatorLine('b33')).toContain("'b33'");
    expect(unknownPropagatorLine('b33')).toContain('tracecontext, baggage, b3, b3multi, jaeger, none');
  });

  it('propagates nothing for none, whatever stands beside it', () => {
    expect(choosePropagator(['tracecontext', 'none']).propagator).toBeNull();
  });
});

describe('OTEL_PROPAGATORS', () => {
  const before = process.env['OTEL_PROPAGATORS'];
  afterEach(() => {
    if (before === undefined) delete process.env['OTEL_PROPAGATORS'];
    else process.env['OTEL_PROPAGATORS'] = before;
  });

  it.each([
    ['b3multi , tracecontext', 'x-b3-traceid'],
    ['', 'baggage'],
    ['jaeger', 'uber-trace-id'],
  ])('%j has %s', (text, field) => {
    process.env['OTEL_PROPAGATORS'] = text;
    expect(propagatorFromEnvironment().propagator?.fields()).toContain(field);
  });
});

describe('formats beside each other', () => {
  const w3c = { traceparent: `00-${TRACE}-${SPAN}-03`, tracestate: 'rojo=1' };
  const b3 = { b3: `${TRACE}-${SPAN}-1` };
  const jaeger = { 'uber-trace-id': `${TRACE}:${SPAN}:0:1` };

  it('writes every format that was chosen', () => {
    const sent = relay(['tracecontext', 'baggage', 'b3', 'b3multi', 'jaeger'], {
      ...w3c,
      baggage: 'user=7',
    });
    expect(Object.keys(sent).sort()).toEqual([
      'b3',
      'baggage',
      'traceparent',
      'tracestate',
      'uber-trace-id',
      'uberctx-user',
      'x-b3-sampled',
      'x-b3-spanid',
      'x-b3-traceid',
    ]);
    expect(sent['b3']).toMatch(new RegExp(`^${TRACE}-[0-9a-f]{16}-1$`));
    expect(sent['uber-trace-id']).toMatch(new RegExp(`^${TRACE}:[0-9a-f]{16}:0:1$`));
  });

  it.each([
    ['b3', b3],
    ['b3multi', { 'x-b3-traceid': TRACE, 'x-b3-spanid': SPAN, 'x-b3-sampled': '1' }],
    ['jaeger', jaeger],
  ])('does not call the id of a trace random that came by %s alone', (name, headers) => {
    for (const names of [
      ['tracecontext', name],
      [name, 'tracecontext'],
    ])
      expect(relay(names, headers)['traceparent']).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
  });

  it('calls the id of a trace random that began here', () => {
    for (const name of ['b3', 'b3multi', 'jaeger'])
      expect(relay(['tracecontext', name], {})['traceparent']).toMatch(/-03$/);
  });

  it('keeps tracestate and the random flag when both formats tell of the same trace', () => {
    for (const [name, headers] of [
      ['b3', b3],
      ['jaeger', jaeger],
    ] as const)
      for (const names of [
        ['tracecontext', name],
        [name, 'tracecontext'],
      ])
        expect(relay(names, { ...w3c, ...headers })).toMatchObject({
          traceparent: expect.stringMatching(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-03$`)),
          tracestate: 'rojo=1',
        });
  });

  it('follows the last format, without the other’s tracestate, when they tell of two traces', () => {
    const sent = relay(['tracecontext', 'b3'], { ...w3c, b3: `${OTHER_TRACE}-${SPAN}-1` });
    expect(sent['traceparent']).toMatch(new RegExp(`^00-${OTHER_TRACE}-[0-9a-f]{16}-01$`));
    expect(sent['tracestate']).toBeUndefined();
  });

  it('reads baggage of both formats', () => {
    const { propagator } = choosePropagator(['baggage', 'jaeger']);
    const headers = { baggage: 'a=1', 'uberctx-b': '2' };
    const context = propagator?.extract(ROOT_CONTEXT, headers, defaultTextMapGetter) ?? ROOT_CONTEXT;
    expect(
      propagation
        .getBaggage(context)
        ?.getAllEntries()
        .map(([key]) => key),
    ).toEqual(['a', 'b']);
  });

  it.each(['b3', 'b3multi', 'jaeger'])('survives broken carriers with %s alone, and counts them', (name) => {
    const { propagator } = choosePropagator([name]);
    const broken = () => {
      throw new Error('broken carrier');
    };
    const before = sharedState().faults;
    const span = tracer.startSpan('client');
    propagator?.extract(ROOT_CONTEXT, {}, { get: broken, keys: broken });
    propagator?.inject(trace.setSpan(ROOT_CONTEXT, span), {}, { set: broken });
    expect(sharedState().faults).toBe(before + 2);
  });
});
