// Reads whole traces back out of the tables.
import type { StatementSync } from 'node:sqlite';
import type { Resource, Scope, Span, Trace } from '../trace/span.ts';
import type { SpanCodec } from './span-record.ts';
import type { StoreState } from './store-state.ts';
import type { TraceEntry } from './trace-entry.ts';

interface SpanRow {
  service: number;
  origin: number;
  body: Uint8Array;
}

interface Sender {
  readonly resource: Resource;
  readonly scope: Scope;
}

/** Decodes spans; those of one origin share their resource and scope. */
export class SpanDecoder {
  readonly #state: StoreState;
  readonly #codec: SpanCodec;
  readonly #senders = new Map<number, Sender>();
  readonly #origins = new Map<number, Buffer>();

  constructor(state: StoreState, codec: SpanCodec) {
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

  decode(row: SpanRow): Span {
    const { resource, scope } = this.#senderOf(row.origin);
    const service = this.#state.catalog.services.get(row.service)?.value ?? '';
    return this.#codec.decodeSpan(row.body, resource, scope, service);
  }

  #senderOf(origin: number): Sender {
    const known = this.#senders.get(origin);
    if (known !== undefined) return known;
    const sender = this.#codec.decodeOrigin(this.originBody(origin));
    this.#senders.set(origin, sender);
    return sender;
  }
}

export class TraceReader {
  readonly #state: StoreState;
  readonly #codec: SpanCodec;
  readonly #spans: StatementSync;

  constructor(state: StoreState, codec: SpanCodec) {
    this.#state = state;
    this.#codec = codec;
    this.#spans = state.db.prepare(
      'SELECT service, origin, body FROM spans WHERE trace = ? ORDER BY start, span',
    );
  }

  /** All stored spans of a trace. */
  read(entry: TraceEntry): Trace {
    const decoder = new SpanDecoder(this.#state, this.#codec);
    const rows = this.#spans.all(entry.id) as unknown as SpanRow[];
    return { traceId: entry.traceId, spans: rows.map((row) => decoder.decode(row)) };
  }
}
