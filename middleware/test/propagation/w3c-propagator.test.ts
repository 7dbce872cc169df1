// The W3C propagator with the SDK's spans: what goes in, what comes out, and what happens to the random flag.

import { describe, expect, it } from '@jest/globals';
import {
  createTraceState,
  defaultTextMapGetter,
  defaultTextMapSetter,
  propagation,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  trace,
} from '@opentelemetry/api';
import { suppressTracing, W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  SamplingDecision,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { contextDrops, traceFlagsOf, W3CPropagator } from '../../src/propagation/index.ts';
import { sharedState } from '../../src/shared/state.ts';
import { headerLike, shortMembers, spanId, traceId } from './arbitraries.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const CALLER = `00-${TRACE}-${SPAN}`;

const propagator = new W3CPropagator();
const tracer = new TracerProvider({ sampler: new AlwaysOnSampler() }).getTracer('test');

const extract = (carrier: unknown) => propagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter);
const extracted = (carrier: unknown): SpanContext | undefined => trace.getSpanContext(extract(carrier));

function headersOf(span: Span, context = ROOT_CONTEXT): Record<string, string> {
  const carrier: Record<string, string> = {};
  propagator.inject(trace.setSpan(context, span), carrier, defaultTextMapSetter);
  return carrier;
}

const flagsSentBy = (span: Span): string | undefined => headersOf(span)['traceparent']?.slice(-2);

describe('extract', () => {
  it('reads the caller as a remote span context', () => {
    const spanContext = extracted({ traceparent: `${CALLER}-03`, tracestate: 'rojo=1,congo=2' });
    expect(spanContext).toMatchObject({ traceId: TRACE, spanId: SPAN, traceFlags: 3, isRemote: true });
    expect(spanContext?.traceState?.serialize()).toBe('rojo=1,congo=2');
  });

  it('ignores white space around both headers', () => {
    const spanContext = extracted({ traceparent: `\t ${CALLER}-01 \t`, tracestate: '\t a=1 \t' });
    expect(spanContext?.traceId).toBe(TRACE);
    expect(spanContext?.traceState?.serialize()).toBe('a=1');
  });

  it('combines several tracestate headers in their order', () => {
    const spanContext = extracted({ traceparent: `${CALLER}-01`, tracestate: ['a=1,b=2', '', 'c=3'] });
    expect(spanContext?.traceState?.serialize()).toBe('a=1,b=2,c=3');
  });

  it('keeps the trace when its tracestate is invalid', () => {
    const spanContext = extracted({ traceparent: `${CALLER}-01`, tracestate: 'a=1,B=2' });
    expect(spanContext?.traceId).toBe(TRACE);
    expect(spanContext?.traceState?.serialize()).toBe('');
  });

  it.each([
    ['nothing', {}],
    ['an invalid traceparent', { traceparent: `${CALLER}-x`, tracestate: 'a=1' }],
    ['tracestate alone', { tracestate: 'a=1' }],
    ['two traceparent headers', { traceparent: [`${CALLER}-01`, `${CALLER}-01`] }],
    ['two traceparent headers joined', { traceparent: `${CALLER}-01, ${CALLER}-01` }],
    ['an empty list', { traceparent: [] }],
    ['a number', { traceparent: 7 }],
    ['no carrier', undefined],
  ])('leaves the context as it is for %s', (_what, carrier) => {
    expect(extract(carrier)).toBe(ROOT_CONTEXT);
  });

  it.each([
    ['traceparent_invalid', { traceparent: 'x' }],
    ['traceparent_duplicated', { traceparent: [`${CALLER}-01`, `${CALLER}-01`] }],
    ['traceparent_duplicated', { traceparent: `${CALLER}-01,${CALLER}-01` }],
    ['tracestate_without_traceparent', { tracestate: 'a=1' }],
    ['tracestate_invalid', { traceparent: `${CALLER}-01`, tracestate: 'A=1' }],
  ] as const)('counts %s', (cause, carrier) => {
    const before = contextDrops()[cause] ?? 0;
    extract(carrier);
    expect(contextDrops()[cause]).toBe(before + 1);
  });

  it('survives a getter that throws, and counts it', () => {
    const before = sharedState().faults;
    const getter = {
      get: () => {
        throw new Error('broken carrier');
      },
      keys: () => [],
    };
    expect(propagator.extract(ROOT_CONTEXT, {}, getter)).toBe(ROOT_CONTEXT);
    expect(sharedState().faults).toBe(before + 1);
  });

  it('never throws and never makes an invalid context, whatever the carrier holds', () => {
    fc.assert(
      fc.property(headerLike, headerLike, (traceparent, tracestate) => {
        const context = extract({ traceparent, tracestate });
        const spanContext = trace.getSpanContext(context);
        if (spanContext === undefined) expect(context).toBe(ROOT_CONTEXT);
        else expect(trace.isSpanContextValid(spanContext)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('inject', () => {
  it('sends what was extracted', () => {
    fc.assert(
      fc.property(traceId, spanId, fc.nat({ max: 3 }), shortMembers, (trace_, span, flags, pairs) => {
        const tracestate = pairs.map(([key, value]) => `${key}=${value}`).join(',');
        const headers = {
          traceparent: `00-${trace_}-${span}-0${flags}`,
          ...(tracestate === '' ? {} : { tracestate }),
        };
        const sent: Record<string, string> = {};
        propagator.inject(extract(headers), sent, defaultTextMapSetter);
        expect(sent).toEqual(headers);
      }),
    );
  });

  it('names the active span as the parent and passes tracestate on', () => {
    const parent = extract({ traceparent: `${CALLER}-01`, tracestate: 'a=1' });
    const span = tracer.startSpan('work', {}, parent);
    expect(headersOf(span)).toEqual({
      traceparent: `00-${TRACE}-${span.spanContext().spanId}-01`,
      tracestate: 'a=1',
    });
  });

  it('sends no empty tracestate', () => {
    const parent = extract({ traceparent: `${CALLER}-01`, tracestate: 'INVALID' });
    expect(Object.keys(headersOf(tracer.startSpan('work', {}, parent)))).toEqual(['traceparent']);
  });

  it.each([
    ['no span', ROOT_CONTEXT],
    ['an invalid span', trace.setSpanContext(ROOT_CONTEXT, { traceId: 'x', spanId: SPAN, traceFlags: 1 })],
    ['a suppressed context', suppressTracing(extract({ traceparent: `${CALLER}-01` }))],
  ])('sends nothing for %s', (_what, context) => {
    const carrier = {};
    propagator.inject(context, carrier, defaultTextMapSetter);
    expect(carrier).toEqual({});
  });

  it('writes ids in lower case, which other formats do not ask for', () => {
    const loud = { traceId: TRACE.toUpperCase(), spanId: SPAN.toUpperCase(), traceFlags: 1, isRemote: true };
    expect(headersOf(trace.wrapSpanContext(loud))['traceparent']).toBe(`${CALLER}-01`);
  });

  it.each([0x04, 0x0f, 0x10, 0xff])(
    'always writes two digits of flags, and reserved ones as 0 (%i)',
    (flags) => {
      const spanContext = { traceId: TRACE, spanId: SPAN, traceFlags: flags, isRemote: true };
      expect(flagsSentBy(trace.wrapSpanContext(spanContext))).toBe(`0${flags & 3}`);
    },
  );

  it('survives a setter that throws, and counts it', () => {
    const before = sharedState().faults;
    const setter = {
      set: () => {
        throw new Error('headers were sent already');
      },
    };
    propagator.inject(extract({ traceparent: `${CALLER}-01` }), {}, setter);
    expect(sharedState().faults).toBe(before + 1);
  });

  it('can be read by OpenTelemetry’s own propagator', () => {
    const span = tracer.startSpan('work');
    const read = new W3CTraceContextPropagator().extract(ROOT_CONTEXT, headersOf(span), defaultTextMapGetter);
    expect(trace.getSpanContext(read)).toMatchObject({ traceId: span.spanContext().traceId, traceFlags: 3 });
  });
});

describe('the random flag', () => {
  it('is set where the trace begins, sampled or not', () => {
    const unsampled = new TracerProvider({ sampler: new AlwaysOffSampler() }).getTracer('off');
    expect(flagsSentBy(tracer.startSpan('root'))).toBe('03');
    expect(flagsSentBy(unsampled.startSpan('root'))).toBe('02');
  });

  it.each([
    ['00', '00'],
    ['01', '01'],
    ['02', '02'],
    ['03', '03'],
    ['fe', '02'],
  ])('stays as the caller of a continued trace set it: %s goes on as %s', (received, sent) => {
    const sampler = new ParentBasedSampler({ root: new AlwaysOnSampler() });
    const follower = new TracerProvider({ sampler }).getTracer('follower');
    const parent = extract({ traceparent: `${CALLER}-${received}`, tracestate: 'a=1' });
    const server = follower.startSpan('server', {}, parent);
    const client = follower.startSpan('client', {}, trace.setSpan(parent, server));
    expect([flagsSentBy(server), flagsSentBy(client)]).toEqual([sent, sent]);
  });

  it('follows the span even where its context was lost', () => {
    const server = tracer.startSpan('server', {}, extract({ traceparent: `${CALLER}-00` }));
    const detached = trace.setSpan(ROOT_CONTEXT, trace.wrapSpanContext(server.spanContext()));
    expect(flagsSentBy(tracer.startSpan('client', {}, detached))).toBe('01');
  });

  it('is set again on a new trace that is begun inside a continued one', () => {
    const parent = extract({ traceparent: `${CALLER}-00` });
    expect(flagsSentBy(tracer.startSpan('job', { root: true }, parent))).toBe('03');
  });

  it('outlives a sampler that adds to tracestate', () => {
    const sampler = {
      shouldSample: (context: Parameters<typeof trace.getSpanContext>[0]) => ({
        decision: SamplingDecision.RECORD_AND_SAMPLED,
        traceState: (trace.getSpanContext(context)?.traceState ?? createTraceState()).set('ot', 'th:8'),
      }),
      toString: () => 'marking',
    };
    const marking = new TracerProvider({ sampler }).getTracer('marking');
    const plain = marking.startSpan('server', {}, extract({ traceparent: `${CALLER}-01` }));
    expect(headersOf(plain)).toMatchObject({ tracestate: 'ot=th:8' });
    expect(flagsSentBy(plain)).toBe('01');
    expect(flagsSentBy(marking.startSpan('root'))).toBe('03');
  });

  it('is not claimed for a remote caller that said nothing of it', () => {
    const remote = { traceId: TRACE, spanId: SPAN, traceFlags: 1, isRemote: true };
    expect(traceFlagsOf(remote)).toBe(1);
  });
});

describe('beside other cross-cutting concerns', () => {
  it('keeps what the context holds already', () => {
    const baggage = propagation.createBaggage({ user: { value: '7' } });
    const context = propagation.setBaggage(ROOT_CONTEXT, baggage);
    const read = propagator.extract(context, { traceparent: `${CALLER}-01` }, defaultTextMapGetter);
    expect(propagation.getBaggage(read)).toBe(baggage);
  });

  it('names its headers', () => {
    expect(propagator.fields()).toEqual(['traceparent', 'tracestate']);
  });
});
