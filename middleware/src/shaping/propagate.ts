// Sees to it that no other process gets a span as parent that is not exported.

import {
  type Context,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
} from '@opentelemetry/api';
import { reportFault } from '../shared/guard.ts';
import { nodeOf } from './known-spans.ts';

/**
 * The context to inject instead of `context`: the same one, or, where its span is over the budget or was folded, one
 * with the nearest ancestor that is exported. A span that is sent this way is not folded any more. Never throws.
 */
export function contextToPropagate(context: Context): Context {
  try {
    return keptContext(context);
  } catch (fault) {
    reportFault('choosing the span to propagate', fault);
    return context;
  }
}

function keptContext(context: Context): Context {
  const node = nodeOf(trace.getSpanContext(context));
  if (node === undefined) return context;
  if (node.heldIn !== undefined) node.root.holder.release(node.heldIn);
  if (!node.isKept && node.anchor !== undefined) return trace.setSpanContext(context, node.anchor);
  node.isSent = true;
  return context;
}

/** A propagator for all that is injected, by whatever instrumentation: it sends only spans that are exported. */
export class KeptSpanPropagator implements TextMapPropagator {
  readonly #propagator: TextMapPropagator;

  constructor(propagator: TextMapPropagator) {
    this.#propagator = propagator;
  }

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    this.#propagator.inject(contextToPropagate(context), carrier, setter);
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    return this.#propagator.extract(context, carrier, getter);
  }

  fields(): string[] {
    return this.#propagator.fields();
  }
}
