// The propagator of trace context and baggage does what a composite of the two does.

import { describe, expect, it } from '@jest/globals';
import {
  defaultTextMapGetter,
  defaultTextMapSetter,
  propagation,
  ROOT_CONTEXT,
  type TextMapPropagator,
  trace,
} from '@opentelemetry/api';
import { CompositePropagator, W3CBaggagePropagator } from '@opentelemetry/core';
import { DefaultPropagator } from '../../src/propagation/default-propagator.ts';
import { W3CPropagator } from '../../src/propagation/w3c-propagator.ts';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const composite = new CompositePropagator({ propagators: [new W3CPropagator(), new W3CBaggagePropagator()] });
const own = new DefaultPropagator();

/** What is sent on of what came in. */
function passedOn(propagator: TextMapPropagator, headers: Record<string, string>): Record<string, string> {
  const sent: Record<string, string> = {};
  const context = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
  propagator.inject(context, sent, defaultTextMapSetter);
  return sent;
}

describe('the default propagator', () => {
  it.each([
    {},
    { traceparent: TRACEPARENT },
    { baggage: 'tenant=acme,plan=gold;since=2020' },
    { traceparent: TRACEPARENT, tracestate: 'a=1,b=2', baggage: 'tenant=acme' },
    { traceparent: 'nonsense', baggage: '=' },
  ])('hands on what a composite hands on of %j', (headers: Record<string, string>) => {
    expect(passedOn(own, headers)).toEqual(passedOn(composite, headers));
  });

  it('names the same headers', () => {
    expect(own.fields()).toEqual(composite.fields());
  });

  it('reads the trace though the baggage cannot be read, and writes it though the baggage cannot be written', () => {
    const refusing = (name: string): void => {
      if (name === 'baggage') throw new Error('no baggage here');
    };
    const getter = {
      get: (headers: Record<string, string>, name: string) => {
        refusing(name);
        return headers[name];
      },
      keys: (headers: Record<string, string>) => Object.keys(headers),
    };
    const context = own.extract(ROOT_CONTEXT, { traceparent: TRACEPARENT }, getter);
    expect(trace.getSpanContext(context)?.spanId).toBe('b7ad6b7169203331');
    const sent: Record<string, string> = {};
    const baggage = propagation.createBaggage({ tenant: { value: 'acme' } });
    own.inject(propagation.setBaggage(context, baggage), sent, {
      set: (_carrier, name, value) => {
        refusing(name);
        sent[name] = value;
      },
    });
    expect(sent).toEqual({ traceparent: TRACEPARENT });
  });
});
