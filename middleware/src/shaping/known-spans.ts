// Finds what is known of a span by its span context, whatever span object it is wrapped in.

import { type Span, type SpanContext, TraceFlags } from '@opentelemetry/api';
import type { SpanNode } from './span-node.ts';

function given(object: object): object {
  return object;
}

const Given = given as unknown as new (object: object) => object;

/**
 * A class whose constructor gives back the object it was given, so that the private field lands there. Nobody else sees
 * it: not when the object is copied, compared, printed or serialised. A WeakMap costs a microsecond for each span.
 */
class Known extends Given {
  #node: SpanNode;

  constructor(context: SpanContext, node: SpanNode) {
    super(context);
    this.#node = node;
  }

  static of(context: SpanContext): SpanNode | undefined {
    return #node in context ? context.#node : undefined;
  }
}

const KEY = Symbol.for('@longpole/express/known-spans/1');
const holder = globalThis as { [KEY]?: typeof Known };

holder[KEY] ??= Known;

/** The class of the copy of this package that was loaded first: a test runner may load it anew for every test. */
const Shared: typeof Known = holder[KEY];

export function remember(node: SpanNode): void {
  new Shared(node.context, node);
}

/** `undefined` for spans of other processes, unsampled spans, and spans of a provider that shapes nothing. */
export function nodeOf(context: SpanContext | undefined): SpanNode | undefined {
  // Asking for a private field that is not there is dear, and of most requests that are sampled in part it is not.
  return context === undefined || (context.traceFlags & TraceFlags.SAMPLED) === 0
    ? undefined
    : Shared.of(context);
}

export function nodeOfSpan(span: Pick<Span, 'spanContext'>): SpanNode | undefined {
  return nodeOf(span.spanContext());
}
