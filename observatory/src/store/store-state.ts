// The database together with what is kept in memory about it.
import type { DatabaseSync } from 'node:sqlite';
import { type Catalog, loadCatalog } from './catalog.ts';
import { TraceIndex } from './trace-index.ts';

export interface StoreState {
  readonly db: DatabaseSync;
  readonly catalog: Catalog;
  readonly traces: TraceIndex;
}

/** Reads the names and the list of traces back from the database. */
export function loadState(db: DatabaseSync): StoreState {
  return { db, catalog: loadCatalog(db), traces: new TraceIndex(db) };
}

/** Bytes that the store takes: spans, traces and names. */
export function bytesOf({ traces, catalog }: StoreState): number {
  return traces.bytes + catalog.services.bytes + catalog.operations.bytes + catalog.origins.bytes;
}
