// Reads whole traces back out of the blocks.
import type { Resource, Scope, Span, Trace } from '../trace/span.ts';
import { PART } from './parts.ts';
import type { SpanCursor } from './span-bytes.ts';
import type { SpanCodec } from './span-record.ts';
import type { StoreState } from './store-state.ts';
import type { TraceEntry } from './trace-entry.ts';

interface Sender {
  readonly resource: Resource;
  readonly scope: Scope;
}

/** Decodes spans; those of one origin share their resource and scope. */
export class SpanDecoder {
  readonly #state: Pick<StoreState, 'catalog'>;
  readonly #codec: SpanCodec;
  readonly #senders = new Map<number, Sender>();
  readonly #origins = new Map<number, Buffer>();

  constructor(state: Pick<StoreState, 'catalog'>, codec: SpanCodec) {
    this.#state = state;
    this.#codec = codec;
  }

  originBody(origin: number): Buffer {
    const known = this.#origins.get(origin);
    if (known !== undefined) return known;
    const body = Buffer.from(this.#state.catalog.origins.get(origin)?.value ?? '', 'latin1');
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

  #senderOf(origin: number): Sender {
    const known = this.#senders.get(origin);
    if (known !== undefined) return known;
    const sender = this.#codec.decodeOrigin(this.originBody(origin));
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
