// Finds what is known of a span by its span context, whatever span object it is wrapped in.

import { type Span, type SpanContext, TraceFlags } from '@opentelemetry/api';
import { OwnSpanContext } from '../shared/own-span-context.ts';
import type { SpanNode } from './span-node.ts';

function given(object: object): object {
  return object;
}

const Given = given as unknown as new (object: object) => object;

/**
 * A class whose constructor gives back the object it was given, so that the private field lands there: for span contexts
 * that somebody else has made. A WeakMap costs a microsecond for each span.
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

/** How spans are known to all copies of this package. */
interface KnownSpans {
  remember(node: SpanNode): void;
  of(context: SpanContext): SpanNode | undefined;
}

const own: KnownSpans = {
  remember(node) {
    const { context } = node;
    if (context instanceof OwnSpanContext) OwnSpanContext.know(context, node);
    else new Known(context, node);
  },
  of: (context) =>
    context instanceof OwnSpanContext
      ? (OwnSpanContext.known(context) as SpanNode | undefined)
      : Known.of(context),
};

const KEY = Symbol.for('@longpole/express/known-spans/2');
const holder = globalThis as { [KEY]?: KnownSpans };

holder[KEY] ??= own;

/** Those of the copy of this package that was loaded first: a test runner may load it anew for every test. */
const shared: KnownSpans = holder[KEY];

export function remember(node: SpanNode): void {
  shared.remember(node);
}

/** `undefined` for spans of other processes, unsampled spans, and spans of a provider that shapes nothing. */
export function nodeOf(context: SpanContext | undefined): SpanNode | undefined {
  // Asking for a private field that is not there is dear, and of most requests that are sampled in part it is not.
  return context === undefined || (context.traceFlags & TraceFlags.SAMPLED) === 0
    ? undefined
    : shared.of(context);
}

export function nodeOfSpan(span: Pick<Span, 'spanContext'>): SpanNode | undefined {
  return nodeOf(span.spanContext());
}
