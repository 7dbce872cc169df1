// Jaeger's own headers: uber-trace-id and uberctx-….

import { describe, expect, it } from '@jest/globals';
import {
  defaultTextMapGetter,
  defaultTextMapSetter,
  propagation,
  ROOT_CONTEXT,
  trace,
} from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import fc from 'fast-check';
import { contextDrops } from '../../src/propagation/index.ts';
import { JaegerPropagator } from '../../src/propagation/jaeger-propagator.ts';
import { headerLike, spanId, traceId } from './arbitraries.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

const propagator = new JaegerPropagator();
const extract = (carrier: unknown) => propagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter);
const spanContextOf = (header: unknown) => trace.getSpanContext(extract({ 'uber-trace-id': header }));

describe('reading uber-trace-id', () => {
  it.each([
    ['sampled', `${TRACE}:${SPAN}:0:1`, 1],
    ['not sampled', `${TRACE}:${SPAN}:0:0`, 0],
    ['sampled for debugging', `${TRACE}:${SPAN}:0:3`, 1],
    ['flags of two digits', `${TRACE}:${SPAN}:0:01`, 1],
    ['a parent span id', `${TRACE}:${SPAN}:${SPAN}:1`, 1],
    ['a span id without leading zeros', `${TRACE}:f067aa0ba902b7:0:1`, 1],
    ['colons that were encoded', `${TRACE}%3A${SPAN}%3A0%3A1`, 1],
  ])('accepts %s', (_what, header, traceFlags) => {
    expect(spanContextOf(header)).toEqual({ traceId: TRACE, spanId: SPAN, traceFlags, isRemote: true });
  });

  it('fills a short trace id with zeros on the left', () => {
    expect(spanContextOf(`a3ce929d0e0e4736:${SPAN}:0:1`)?.traceId).toBe('0000000000000000a3ce929d0e0e4736');
  });

  it.each([
    ['a trace id of zero', `0:${SPAN}:0:1`],
    ['a span id of zero', `${TRACE}:0:0:1`],
    ['a trace id that is too long', `0${TRACE}:${SPAN}:0:1`],
    ['a field too few', `${TRACE}:${SPAN}:1`],
    ['a field too many', `${TRACE}:${SPAN}:0:1:1`],
    ['no flags', `${TRACE}:${SPAN}:0:`],
    ['flags that are not hex', `${TRACE}:${SPAN}:0:x`],
    ['a broken encoding', `${TRACE}%3${SPAN}:0:1`],
    ['two headers', [`${TRACE}:${SPAN}:0:1`, `${TRACE}:${SPAN}:0:1`]],
  ])('refuses and counts %s', (_what, header) => {
    const before = contextDrops().uber_trace_id_invalid ?? 0;
    expect(spanContextOf(header)).toBeUndefined();
    expect(contextDrops().uber_trace_id_invalid).toBe(before + 1);
  });

  it('never throws and never makes an invalid context', () => {
    fc.assert(
      fc.property(headerLike, headerLike, (header, baggage) => {
        const spanContext = trace.getSpanContext(extract({ 'uber-trace-id': header, 'uberctx-a': baggage }));
        if (spanContext !== undefined) expect(trace.isSpanContextValid(spanContext)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('baggage in uberctx- headers', () => {
  it('is read and sent encoded', () => {
    const context = extract({ 'uberctx-user': 'J%C3%BCrgen%2C%207', 'Uberctx-Tier': 'gold', other: 'x' });
    expect(propagation.getBaggage(context)?.getEntry('user')?.value).toBe('Jürgen, 7');
    const sent: Record<string, string> = {};
    propagator.inject(context, sent, defaultTextMapSetter);
    expect(sent).toEqual({ 'uberctx-user': 'J%C3%BCrgen%2C%207', 'uberctx-Tier': 'gold' });
  });

  it('is added to what the context holds already', () => {
    const context = propagation.setBaggage(ROOT_CONTEXT, propagation.createBaggage({ a: { value: '1' } }));
    const read = propagator.extract(context, { 'uberctx-b': '2' }, defaultTextMapGetter);
    expect(propagation.getBaggage(read)?.getAllEntries()).toEqual([
      ['a', { value: '1' }],
      ['b', { value: '2' }],
    ]);
  });

  it.each([
    ['180 entries', Array.from({ length: 200 }, (_, i) => [`uberctx-${i}`, 'v']), 180, 20],
    ['4 096 characters an entry', [['uberctx-a', 'v'.repeat(4095)]], 0, 1],
    ['8 192 characters', Array.from({ length: 4 }, (_, i) => [`uberctx-${i}`, 'v'.repeat(4000)]), 2, 2],
  ])('stops at %s and counts the rest', (_what, headers, kept, dropped) => {
    const before = contextDrops().uberctx_over_limit ?? 0;
    const baggage = propagation.getBaggage(extract(Object.fromEntries(headers)));
    expect(baggage?.getAllEntries().length ?? 0).toBe(kept);
    expect(contextDrops().uberctx_over_limit).toBe(before + dropped);
  });

  it('leaves out a key that is no header name', () => {
    const baggage = propagation.createBaggage({ 'a b': { value: '1' }, 'c\r\nd': { value: '2' } });
    const sent: Record<string, string> = {};
    propagator.inject(propagation.setBaggage(ROOT_CONTEXT, baggage), sent, defaultTextMapSetter);
    expect(sent).toEqual({});
  });
});

describe('writing uber-trace-id', () => {
  it('reads what it has written', () => {
    fc.assert(
      fc.property(traceId, spanId, fc.nat({ max: 1 }), (trace_, span, traceFlags) => {
        const spanContext = { traceId: trace_, spanId: span, traceFlags, isRemote: true };
        const sent: Record<string, string> = {};
        propagator.inject(trace.setSpanContext(ROOT_CONTEXT, spanContext), sent, defaultTextMapSetter);
        expect(spanContextOf(sent['uber-trace-id'])).toEqual(spanContext);
      }),
    );
  });

  it('sends nothing for a suppressed context', () => {
    const sent = {};
    const context = suppressTracing(extract({ 'uber-trace-id': `${TRACE}:${SPAN}:0:1`, 'uberctx-a': '1' }));
    propagator.inject(context, sent, defaultTextMapSetter);
    expect(sent).toEqual({});
  });
});
