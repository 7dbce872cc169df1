// Makes room: the traces that have been quiet longest go, whole.
import { dropUnusedNames } from './catalog.ts';
import { releaseNames } from './name-uses.ts';
import type { StoreLimits } from './store-limits.ts';
import { bytesOf, type StoreState } from './store-state.ts';
import type { TraceEntry } from './trace-entry.ts';

export interface Evicted {
  traces: number;
  spans: number;
}

/** Blocks that are cleared after one request: more than a request of ordinary size can make sparse. */
const CLEARED_AT_ONCE = 8;

/** Evicts until the store is within its limits, and not one trace more. */
export function evictTraces(state: StoreState, limits: StoreLimits): Evicted {
  const evicted: Evicted = { traces: 0, spans: 0 };
  const { traces } = state;
  while (traces.size > limits.maxTraces || bytesOf(state) > limits.maxBytes) {
    const { oldest } = traces;
    if (oldest === undefined) break;
    evicted.traces++;
    evicted.spans += oldest.spans;
    evictTrace(state, oldest);
  }
  return evicted;
}

function evictTrace({ traces, blocks, catalog, links, file }: StoreState, trace: TraceEntry): void {
  releaseNames(catalog, trace.names);
  blocks.release(trace.parts);
  links.remove(trace);
  traces.evict(trace);
  file?.removeTrace(trace.id);
  dropUnusedNames(catalog);
}

/** Frees what is out of use in blocks of which some is in use: a trace that goes on for long would keep all of it. */
export function clearSparseBlocks({ blocks, traces, file }: StoreState): void {
  for (let cleared = 0; cleared < CLEARED_AT_ONCE; cleared++) {
    const block = blocks.tooSparse;
    if (block === undefined) return;
    try {
      blocks.clear(block, (trace) => traces.byId(trace)?.parts);
    } catch (error) {
      // A full disk: the block stays as it is until there is room for what is in use of it.
      if (file === undefined) throw error;
      return;
    }
  }
}
