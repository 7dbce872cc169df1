// Reads a protobuf request to its end at once, and the bytes of a record.
import { readRequest } from '../../../src/receiver/protobuf/read-request.ts';
import type { SpanBatch } from '../../../src/receiver/span-batch.ts';
import type { SpanRecord } from '../../../src/store/index.ts';

export function readAll(body: Uint8Array, batch: SpanBatch): void {
  Array.from(readRequest(body, batch));
}

/** The span itself, as it came. */
export function bytesOf({ source, sourceStart, sourceEnd }: SpanRecord): Uint8Array {
  return source.subarray(sourceStart, sourceEnd);
}
