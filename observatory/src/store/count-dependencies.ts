// Which service calls which, counted over stored traces.
import { PART, SERVICE } from './parts.ts';
import type { StoreState } from './store-state.ts';
import type { TraceEntry } from './trace-entry.ts';
import type { Turns } from './turns.ts';

/** How many spans of `child` have a parent span of `parent`. A service is its own parent where it has child spans. */
export interface DependencyLink {
  readonly parent: string;
  readonly child: string;
  readonly callCount: number;
}

type Counts = Map<string, { parent: string; child: string; callCount: number }>;

/** Counts over the traces that begin after `startNs` and end before `endNs`. */
export async function countDependencies(
  state: StoreState,
  startNs: bigint,
  endNs: bigint,
  turns: Turns,
): Promise<DependencyLink[]> {
  const { traces } = state;
  const inWindow = [...traces.values()].filter((trace) => trace.startNs > startNs && trace.endNs < endNs);
  const counts: Counts = new Map();
  for (const trace of inWindow) {
    if (traces.get(trace.traceId) === trace) countTrace(state, trace, counts);
    await turns.breathe();
  }
  return [...counts.values()].sort((a, b) => compare(a.parent, b.parent) || compare(a.child, b.child));
}

function countTrace(state: StoreState, { parts }: TraceEntry, counts: Counts): void {
  const services = servicesOfSpans(state, parts);
  for (let i = 0; i < parts.length; i += PART) {
    const spans = state.blocks.spansAt(parts, i);
    while (spans.next()) {
      const parent = spans.parentSpanId === 0n ? undefined : services.get(spans.parentSpanId);
      if (parent !== undefined) countCall(state, counts, parent, parts[i + SERVICE] ?? 0);
    }
  }
}

/** The service of every span id; of two services with the same id the one that the store has known for longer. */
function servicesOfSpans({ blocks }: StoreState, parts: TraceEntry['parts']): Map<bigint, number> {
  const services = new Map<bigint, number>();
  for (let i = 0; i < parts.length; i += PART) {
    const service = parts[i + SERVICE] ?? 0;
    const spans = blocks.spansAt(parts, i);
    while (spans.next()) {
      const known = services.get(spans.spanId);
      if (known === undefined || service < known) services.set(spans.spanId, service);
    }
  }
  return services;
}

function countCall({ catalog }: StoreState, counts: Counts, caller: number, called: number): void {
  const parent = catalog.services.get(caller)?.value ?? '';
  const child = catalog.services.get(called)?.value ?? '';
  const key = JSON.stringify([parent, child]);
  const link = counts.get(key) ?? { parent, child, callCount: 0 };
  link.callCount++;
  counts.set(key, link);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
