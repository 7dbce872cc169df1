// Spans that are encoded soon after they end: bytes that wait to be sent cost the garbage collector nothing.

import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { ByteWriter } from './byte-writer.ts';
import type { SpanGroup } from './protobuf-request.ts';
import { encodeSpan } from './protobuf-spans.ts';

/** Spans of a request with an exception's stack trace fit. */
const FIRST_SIZE = 16_384;

/** Encoded spans in the order in which they were added, those of one resource and scope together. */
export class SpanPack {
  readonly #groups: PackedGroup[] = [];
  #firstSize: number;
  length = 0;
  byteLength = 0;

  /** @param expectedBytes room for as much is made at once, so that little has to be moved while it fills up */
  constructor(expectedBytes = 0) {
    this.#firstSize = Math.max(FIRST_SIZE, expectedBytes);
  }

  /** @throws whatever encoding a span throws whose fields are not what they should be; the span is not added then */
  add(span: ReadableSpan): void {
    const group = this.#groupOf(span.resource, span.instrumentationScope);
    this.byteLength += group.add(span);
    this.length += 1;
    if (group.length === 1) this.#groups.push(group);
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

  /** One that is new is not among the others until a span is in it. */
  #groupOf(resource: Resource, scope: InstrumentationScope): PackedGroup {
    for (const group of this.#groups) if (group.resource === resource && group.scope === scope) return group;
    const group = new PackedGroup(resource, scope, new ByteWriter(this.#firstSize));
    this.#firstSize = FIRST_SIZE;
    return group;
  }
}

class PackedGroup {
  readonly resource: Resource;
  readonly scope: InstrumentationScope;
  #writer: ByteWriter;
  /** Where each span ends. */
  readonly #ends: number[];

  constructor(resource: Resource, scope: InstrumentationScope, writer: ByteWriter, ends: number[] = []) {
    this.resource = resource;
    this.scope = scope;
    this.#writer = writer;
    this.#ends = ends;
  }

  get length(): number {
    return this.#ends.length;
  }

  get bytes(): Uint8Array {
    return this.#writer.written;
  }

  /** Returns how many bytes it takes. */
  add(span: ReadableSpan): number {
    const writer = this.#writer;
    const { at } = writer;
    try {
      encodeSpan(writer, span);
    } catch (fault) {
      writer.at = at;
      throw fault;
    }
    this.#ends.push(writer.at);
    return writer.at - at;
  }

  takeFirst(count: number): PackedGroup {
    const ends = this.#ends.splice(0, count);
    const cut = ends.at(-1) ?? 0;
    const { written } = this.#writer;
    const first = ByteWriter.behind(written.subarray(0, cut));
    this.#writer = ByteWriter.behind(written.subarray(cut));
    for (let i = 0; i < this.#ends.length; i++) this.#ends[i] = (this.#ends[i] as number) - cut;
    return new PackedGroup(this.resource, this.scope, first, ends);
  }
}
