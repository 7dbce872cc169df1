// The workers of the store, each with its prepared statements.
import type { DatabaseSync } from 'node:sqlite';
import { DependencyCounter } from './count-dependencies.ts';
import { TraceEvictor } from './evict-traces.ts';
import { type InsertStatements, prepareInsert } from './insert-spans.ts';
import { LinkReader } from './read-links.ts';
import { TraceReader } from './read-trace.ts';
import { TraceSearch } from './search-traces.ts';
import type { SpanCodec } from './span-record.ts';
import { loadState, type StoreState } from './store-state.ts';

/** Made anew when the state is read back after a failed write. */
export interface StoreParts {
  readonly state: StoreState;
  readonly insert: InsertStatements;
  readonly evictor: TraceEvictor;
  readonly reader: TraceReader;
  readonly search: TraceSearch;
  readonly dependencies: DependencyCounter;
  readonly links: LinkReader;
}

export function prepareParts(db: DatabaseSync, codec: SpanCodec): StoreParts {
  const state = loadState(db);
  return {
    state,
    insert: prepareInsert(state),
    evictor: new TraceEvictor(state),
    reader: new TraceReader(state, codec),
    search: new TraceSearch(state, codec),
    dependencies: new DependencyCounter(state),
    links: new LinkReader(state),
  };
}
