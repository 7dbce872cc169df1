// Keeps ended spans as they are until they are sent, in batches that are bounded in number and in size.

import type { Attributes } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { BatchSize, Outbox } from './outbox.ts';

/** For exporters that take spans as they are. */
export class SpanQueue implements Outbox<ReadableSpan[]> {
  #spans: ReadableSpan[] = [];

  get length(): number {
    return this.#spans.length;
  }

  push(span: ReadableSpan): void {
    this.#spans.push(span);
  }

  take(size: BatchSize): ReadableSpan[] {
    let count = 0;
    let bytes = 0;
    for (const span of this.#spans) {
      bytes += roughBytes(span);
      if (count > 0 && (count >= size.spans || bytes > size.bytes)) break;
      count += 1;
    }
    return this.#spans.splice(0, count);
  }

  takeAll(size: BatchSize): ReadableSpan[][] {
    const batches: ReadableSpan[][] = [];
    while (this.#spans.length > 0) batches.push(this.take(size));
    return batches;
  }

  putBack(batch: ReadableSpan[]): void {
    this.#spans = batch.concat(this.#spans);
  }

  seal(): void {}

  bytesOf(batch: ReadableSpan[]): number {
    return batch.reduce((sum, span) => sum + roughBytes(span), 0);
  }

  resourceOf([first]: ReadableSpan[]): Resource | undefined {
    return first?.resource;
  }
}

const BYTES_BESIDE_ATTRIBUTES = 400;
const BYTES_BESIDE_TEXT = 40;

/** About the bytes of a span in OTLP/JSON; only long texts make a difference that matters. */
export function roughBytes(span: ReadableSpan): number {
  let bytes = BYTES_BESIDE_ATTRIBUTES + attributeBytes(span.attributes);
  for (const event of span.events) bytes += BYTES_BESIDE_TEXT + attributeBytes(event.attributes);
  for (const link of span.links) bytes += BYTES_BESIDE_TEXT + attributeBytes(link.attributes);
  return bytes;
}

function attributeBytes(attributes: Attributes | undefined): number {
  let bytes = 0;
  for (const key in attributes) bytes += BYTES_BESIDE_TEXT + key.length + textLength(attributes[key]);
  return bytes;
}

function textLength(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (!Array.isArray(value)) return 0;
  return value.reduce((sum: number, each) => sum + BYTES_BESIDE_TEXT + textLength(each), 0);
}
