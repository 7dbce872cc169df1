// Spans for the store, written by the receiver's own codec.

import { protobufCodec } from '../../src/receiver/index.ts';
import { SpanBatch } from '../../src/receiver/span-batch.ts';
import { type SpanRecord, type StoreOptions, TraceStore } from '../../src/store/index.ts';
import { readAll } from '../receiver/protobuf/read-all.ts';
import { protobufBody, type SpanSeed } from '../receiver/readable-span.ts';

export function records(...seeds: SpanSeed[]): readonly SpanRecord[] {
  const batch = new SpanBatch();
  readAll(protobufBody(...seeds), batch);
  return batch.spans;
}

const opened: TraceStore[] = [];

export function openStore(options: Partial<StoreOptions> = {}): TraceStore {
  const store = new TraceStore({ codec: protobufCodec, ...options });
  opened.push(store);
  return store;
}

/** Closes what {@link openStore} has opened. */
export function closeStores(): void {
  for (const store of opened.splice(0)) store.close();
}
