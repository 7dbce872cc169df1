// Trace context and baggage of the W3C, the propagators that OpenTelemetry has by default, in one.

import {
  type Context,
  propagation,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
} from '@opentelemetry/api';
import { W3CBaggagePropagator } from '@opentelemetry/core';
import { reportFault } from '../shared/guard.ts';
import { W3CPropagator } from './w3c-propagator.ts';

const BAGGAGE = 'baggage';

/** Does what a composite of the two does, and does not ask for baggage where there is none. Never throws. */
export class DefaultPropagator implements TextMapPropagator {
  readonly #traceContext = new W3CPropagator();
  readonly #baggage = new W3CBaggagePropagator();

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    this.#traceContext.inject(context, carrier, setter);
    if (propagation.getBaggage(context) === undefined) return;
    try {
      this.#baggage.inject(context, carrier, setter);
    } catch (error) {
      reportFault('writing the baggage of a request', error);
    }
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const traced = this.#traceContext.extract(context, carrier, getter);
    try {
      if (getter.get(carrier, BAGGAGE) === undefined) return traced;
      return this.#baggage.extract(traced, carrier, getter);
    } catch (error) {
      reportFault('reading the baggage of a request', error);
      return traced;
    }
  }

  fields(): string[] {
    return [...this.#traceContext.fields(), ...this.#baggage.fields()];
  }
}
