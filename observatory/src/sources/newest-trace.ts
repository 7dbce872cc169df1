// Which of many traces is the newest, without holding them.
import { minNs } from '../trace/nanoseconds.ts';
import type { Span, Trace } from '../trace/span.ts';

interface Beginning {
  isRequest: boolean;
  /** Earliest start of a span without a parent. */
  rootNs: bigint | undefined;
  /** Earliest start of any span. */
  startNs: bigint;
}

function isNewer(a: Beginning, b: Beginning): boolean {
  if (a.isRequest !== b.isRequest) return a.isRequest;
  return (a.rootNs ?? a.startNs) > (b.rootNs ?? b.startNs);
}

/**
 * Finds the newest request among spans in any order: of the traces whose root is a SERVER span the one that started
 * last. Where there is none, the trace that started last: a background job that a request left behind is newer
 * than the request, but not meant.
 */
export class NewestTrace {
  readonly #beginnings = new Map<string, Beginning>();

  add({ traceId, parentSpanId, kind, startNs }: Span): void {
    const isRoot = parentSpanId === '';
    const known = this.#beginnings.get(traceId);
    const beginning = known ?? { isRequest: false, rootNs: undefined, startNs };
    if (known === undefined) this.#beginnings.set(traceId, beginning);
    beginning.startNs = minNs(beginning.startNs, startNs);
    if (!isRoot) return;
    beginning.rootNs = minNs(beginning.rootNs ?? startNs, startNs);
    if (kind === 'SERVER') beginning.isRequest = true;
  }

  /** The id of the newest trace so far; `undefined` before any span. */
  get traceId(): string | undefined {
    let newest: readonly [string, Beginning] | undefined;
    for (const one of this.#beginnings) {
      if (newest === undefined || isNewer(one[1], newest[1])) newest = one;
    }
    return newest?.[0];
  }
}

/** The newest of whole traces. */
export function newestTrace(traces: readonly Trace[]): Trace | undefined {
  const newest = new NewestTrace();
  for (const trace of traces) for (const span of trace.spans) newest.add(span);
  const { traceId } = newest;
  return traces.find((trace) => trace.traceId === traceId);
}
