// Reads whole traces back out of the blocks.
import type { Resource, Scope, Span, Trace } from '../trace/span.ts';
import type { Interned } from './interner.ts';
import { PART } from './parts.ts';
import type { SpanCursor } from './span-bytes.ts';
import type { SpanCodec } from './span-record.ts';
import type { StoreState } from './store-state.ts';
import type { TraceEntry } from './trace-entry.ts';

interface Sender {
  readonly resource: Resource;
  readonly scope: Scope;
}

/**
 * Decodes spans; those of one origin share their resource and scope. What is known of an origin is known by its entry, as its
 * number may be another's by the time that a long search goes on.
 */
export class SpanDecoder {
  readonly #state: Pick<StoreState, 'catalog'>;
  readonly #codec: SpanCodec;
  readonly #senders = new Map<Interned<string> | undefined, Sender>();
  readonly #origins = new Map<Interned<string> | undefined, Buffer>();

  constructor(state: Pick<StoreState, 'catalog'>, codec: SpanCodec) {
    this.#state = state;
    this.#codec = codec;
  }

  originBody(id: number): Buffer {
    const origin = this.#state.catalog.origins.get(id);
    const known = this.#origins.get(origin);
    if (known !== undefined) return known;
    const body = Buffer.from(origin?.value ?? '', 'latin1');
    this.#origins.set(origin, body);
    return body;
  }

  /** The span that the cursor is at. */
  decode(spans: SpanCursor): Span {
    const { resource, scope } = this.#senderOf(spans.origin);
    const { services, operations } = this.#state.catalog;
    const service = services.get(operations.get(spans.operation)?.value.service ?? 0)?.value ?? '';
    return this.#codec.decodeSpan(spans.body, resource, scope, service);
  }

  #senderOf(id: number): Sender {
    const origin = this.#state.catalog.origins.get(id);
    const known = this.#senders.get(origin);
    if (known !== undefined) return known;
    const sender = this.#codec.decodeOrigin(this.originBody(id));
    this.#senders.set(origin, sender);
    return sender;
  }
}

/** A span with what it is sorted by: times as far as searches know them. */
interface Placed {
  readonly span: Span;
  readonly startNs: bigint;
  readonly spanId: bigint;
}

function compare<T>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function byStart(a: Placed, b: Placed): number {
  return (
    compare(a.startNs, b.startNs) ||
    compare(a.spanId, b.spanId) ||
    compare(a.span.service, b.span.service) ||
    compare(a.span.kind, b.span.kind)
  );
}

/** All stored spans of a trace, by their start. */
export function readTrace(state: StoreState, codec: SpanCodec, { traceId, parts }: TraceEntry): Trace {
  const decoder = new SpanDecoder(state, codec);
  const placed: Placed[] = [];
  for (let i = 0; i < parts.length; i += PART) {
    const spans = state.blocks.spansAt(parts, i);
    while (spans.next()) {
      placed.push({ span: decoder.decode(spans), startNs: spans.startNs, spanId: spans.spanId });
    }
  }
  return { traceId, spans: placed.sort(byStart).map(({ span }) => span) };
}
