// Spans that are encoded soon after they end: bytes that wait to be sent cost the garbage collector nothing.

import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { SpanGroup } from './protobuf-request.ts';
import { type EncodedSpan, encodeSpan } from './protobuf-spans.ts';

const FIRST_SIZE = 16_384;

/** Encoded spans in the order in which they were added, those of one resource and scope together. */
export class SpanPack {
  readonly #groups: PackedGroup[] = [];
  length = 0;
  byteLength = 0;

  /** @throws whatever encoding a span throws whose fields are not what they should be; the span is not added then */
  add(span: ReadableSpan): void {
    const encoded = encodeSpan(span);
    this.#groupOf(span.resource, span.instrumentationScope).add(encoded);
    this.length += 1;
    this.byteLength += encoded.length;
  }

  get resource(): Resource | undefined {
    return this.#groups[0]?.resource;
  }

  get groups(): SpanGroup[] {
    return this.#groups.map(({ resource, scope, bytes }) => ({ resource, scope, spans: [bytes] }));
  }

  /** Moves the first `count` spans into a pack of their own. */
  split(count: number): SpanPack {
    const first = new SpanPack();
    while (first.length < count && this.#groups[0] !== undefined) {
      const group = this.#groups[0].takeFirst(count - first.length);
      first.#take(group);
      this.length -= group.length;
      this.byteLength -= group.bytes.length;
      if (this.#groups[0].length === 0) this.#groups.shift();
    }
    return first;
  }

  #take(group: PackedGroup): void {
    this.#groups.push(group);
    this.length += group.length;
    this.byteLength += group.bytes.length;
  }

  #groupOf(resource: Resource, scope: InstrumentationScope): PackedGroup {
    for (const group of this.#groups) if (group.resource === resource && group.scope === scope) return group;
    const group = new PackedGroup(resource, scope);
    this.#groups.push(group);
    return group;
  }
}

class PackedGroup {
  readonly resource: Resource;
  readonly scope: InstrumentationScope;
  #buffer: Buffer;
  /** Where each span ends. */
  readonly #ends: number[];

  constructor(resource: Resource, scope: InstrumentationScope, buffer?: Buffer, ends: number[] = []) {
    this.resource = resource;
    this.scope = scope;
    this.#buffer = buffer ?? Buffer.allocUnsafeSlow(FIRST_SIZE);
    this.#ends = ends;
  }

  get length(): number {
    return this.#ends.length;
  }

  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#used);
  }

  get #used(): number {
    return this.#ends.at(-1) ?? 0;
  }

  add({ bytes, length }: EncodedSpan): void {
    const start = this.#used;
    const end = start + length;
    if (end > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(end, this.#buffer.length * 2));
      this.#buffer.copy(larger, 0, 0, start);
      this.#buffer = larger;
    }
    bytes.copy(this.#buffer, start, 0, length);
    this.#ends.push(end);
  }

  takeFirst(count: number): PackedGroup {
    const ends = this.#ends.splice(0, count);
    const cut = ends.at(-1) ?? 0;
    const first = new PackedGroup(this.resource, this.scope, this.#buffer.subarray(0, cut), ends);
    this.#buffer = this.#buffer.subarray(cut);
    for (let i = 0; i < this.#ends.length; i++) this.#ends[i] = (this.#ends[i] as number) - cut;
    return first;
  }
}
