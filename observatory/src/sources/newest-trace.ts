// Which of many traces is the newest, without holding them.
import { minNs } from '../trace/nanoseconds.ts';
import type { Span, Trace } from '../trace/span.ts';

/** A root that is a SERVER span. */
interface Request {
  readonly service: string;
  readonly startNs: bigint;
  readonly endNs: bigint;
}

interface Beginning {
  /** The longest one of the trace. */
  request: Request | undefined;
  /** Earliest start of a span without a parent. */
  rootNs: bigint | undefined;
  /** Earliest start of any span. */
  startNs: bigint;
}

type Candidate = readonly [traceId: string, Beginning];

/** How much earlier a request may have started to be the one that a newer request of another service belongs to. */
const WITHIN_NS = 10_000_000_000n;
/** How much later than its caller a request may end: clocks, and a `close` that comes a little after. */
const OVERHANG_NS = 10_000_000n;

function lengthOf({ startNs, endNs }: Request): bigint {
  return endNs - startNs;
}

function isNewer(a: Beginning, b: Beginning): boolean {
  if ((a.request === undefined) !== (b.request === undefined)) return a.request !== undefined;
  return (a.rootNs ?? a.startNs) > (b.rootNs ?? b.startNs);
}

/** Whether `inner` may be a part of `outer` whose context was lost on the way. */
function covers(outer: Request, inner: Request): boolean {
  if (outer.service === inner.service || lengthOf(outer) <= lengthOf(inner)) return false;
  const sinceStart = inner.startNs - outer.startNs;
  return sinceStart >= 0n && sinceStart <= WITHIN_NS && inner.endNs <= outer.endNs + OVERHANG_NS;
}

/**
 * Finds the newest request among spans in any order: of the traces whose root is a SERVER span the one that started
 * last, or the longest one of another service that ran around it: where the context is not propagated,
 * the called service starts a trace of its own, which is newer than the request that called it. Where there is no
 * request, the trace that started last: a background job that a request left behind is newer than it, but not meant.
 */
export class NewestTrace {
  readonly #beginnings = new Map<string, Beginning>();

  add({ traceId, parentSpanId, kind, service, startNs, endNs }: Span): void {
    const known = this.#beginnings.get(traceId);
    const beginning = known ?? { request: undefined, rootNs: undefined, startNs };
    if (known === undefined) this.#beginnings.set(traceId, beginning);
    beginning.startNs = minNs(beginning.startNs, startNs);
    if (parentSpanId !== '') return;
    beginning.rootNs = minNs(beginning.rootNs ?? startNs, startNs);
    if (kind !== 'SERVER') return;
    const { request } = beginning;
    if (request === undefined || endNs - startNs > lengthOf(request)) {
      beginning.request = { service, startNs, endNs };
    }
  }

  /** The id of the newest trace so far; `undefined` before any span. */
  get traceId(): string | undefined {
    let newest: Candidate | undefined;
    for (const one of this.#beginnings) {
      if (newest === undefined || isNewer(one[1], newest[1])) newest = one;
    }
    return newest === undefined ? undefined : this.#around(newest);
  }

  #around([newestId, { request: inner }]: Candidate): string {
    let best = newestId;
    let length = -1n;
    for (const [traceId, { request }] of inner === undefined ? [] : this.#beginnings) {
      if (request === undefined || inner === undefined || !covers(request, inner)) continue;
      if (lengthOf(request) > length) [best, length] = [traceId, lengthOf(request)];
    }
    return best;
  }
}

/** The newest of whole traces. */
export function newestTrace(traces: readonly Trace[]): Trace | undefined {
  const newest = new NewestTrace();
  for (const trace of traces) for (const span of trace.spans) newest.add(span);
  const { traceId } = newest;
  return traces.find((trace) => trace.traceId === traceId);
}
