// Keeps spans as OTLP/protobuf until they are sent, but for the last few.

import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { encodeRequest, type SpanGroup } from '../encoding/protobuf-request.ts';
import { SpanPack } from '../encoding/span-pack.ts';
import type { Batch, BatchSize, Outbox } from './outbox.ts';

export class EncodedBatch implements Batch {
  readonly packs: readonly SpanPack[];

  constructor(packs: readonly SpanPack[]) {
    this.packs = packs;
  }

  get length(): number {
    return this.packs.reduce((sum, pack) => sum + pack.length, 0);
  }

  /** The body of the request. */
  body(): Uint8Array {
    const groups: SpanGroup[] = [];
    for (const group of this.packs.flatMap((pack) => pack.groups)) {
      const same = groups.findIndex(
        ({ resource, scope }) => resource === group.resource && scope === group.scope,
      );
      const known = groups[same];
      if (known === undefined) groups.push(group);
      else groups[same] = { ...known, spans: [...known.spans, ...group.spans] };
    }
    return encodeRequest(groups);
  }
}

/**
 * So many spans are encoded one after the other. After each single one, the processor would have forgotten the code for it
 * until the next, and fetching it takes longer than running it.
 */
const AT_ONCE = 32;

export class EncodedQueue implements Outbox<EncodedBatch> {
  readonly #packSize: BatchSize;
  onRefused: ((fault: unknown) => void) | undefined = undefined;
  /** Spans that are still to be encoded, after all that are. */
  #ended: ReadableSpan[] = [];
  #packs: SpanPack[] = [];
  /** The pack that spans are added to, the last one. */
  #open: SpanPack | undefined;
  /** Encoded spans. */
  #length = 0;
  /** A little more than the pack before took that was filled. */
  #expectedBytes = 0;

  /** @param packSize what is sent together as a rule */
  constructor(packSize: BatchSize) {
    this.#packSize = packSize;
  }

  get length(): number {
    return this.#length + this.#ended.length;
  }

  push(span: ReadableSpan): void {
    this.#ended.push(span);
    if (this.#ended.length >= AT_ONCE) this.#encode();
  }

  take(size: BatchSize): EncodedBatch {
    this.#encode();
    const taken: SpanPack[] = [];
    let spans = 0;
    let bytes = 0;
    for (const pack of this.#packs) {
      spans += pack.length;
      bytes += pack.byteLength;
      if (spans > size.spans || bytes > size.bytes) break;
      taken.push(pack);
    }
    const [first] = this.#packs;
    const batch = taken.length === 0 && first !== undefined ? [this.#split(first, size)] : taken;
    return this.#remove(new EncodedBatch(batch));
  }

  takeAll(size: BatchSize): EncodedBatch[] {
    const batches: EncodedBatch[] = [];
    this.#encode();
    while (this.#length > 0) batches.push(this.take(size));
    return batches;
  }

  putBack({ packs, length }: EncodedBatch): void {
    this.#packs = [...packs, ...this.#packs];
    this.#length += length;
  }

  seal(): void {
    this.#encode();
    this.#open = undefined;
  }

  bytesOf({ packs }: EncodedBatch): number {
    return packs.reduce((sum, pack) => sum + pack.byteLength, 0);
  }

  resourceOf({ packs }: EncodedBatch): Resource | undefined {
    return packs[0]?.resource;
  }

  #encode(): void {
    const ended = this.#ended;
    this.#ended = [];
    for (const span of ended) {
      try {
        this.#add(span);
      } catch (fault) {
        // A field is not what its type says.
        this.onRefused?.(fault);
      }
    }
  }

  #add(span: ReadableSpan): void {
    if (this.#open === undefined) {
      this.#open = new SpanPack(this.#expectedBytes);
      this.#packs.push(this.#open);
    }
    const pack = this.#open;
    pack.add(span);
    this.#length += 1;
    if (pack.length < this.#packSize.spans && pack.byteLength < this.#packSize.bytes) return;
    this.#open = undefined;
    this.#expectedBytes = Math.min(this.#packSize.bytes, Math.ceil(pack.byteLength * 1.0625));
  }

  /** Cuts as much as may be sent from a pack that is too large, and puts it first. */
  #split(pack: SpanPack, size: BatchSize): SpanPack {
    if (pack === this.#open) this.#open = undefined;
    const share = Math.floor((pack.length * size.bytes) / pack.byteLength);
    const count = Math.max(1, Math.min(size.spans, share));
    if (count >= pack.length) return pack;
    const part = pack.split(count);
    this.#packs.unshift(part);
    return part;
  }

  #remove(batch: EncodedBatch): EncodedBatch {
    this.#packs = this.#packs.slice(batch.packs.length);
    if (this.#packs.length === 0) this.#open = undefined;
    this.#length -= batch.length;
    return batch;
  }
}
