// Waits until a trace is in its source and has stopped growing.
import type { Span, Trace } from '../trace/span.ts';
import { SourceError } from './source-error.ts';
import type { TraceSource } from './trace-source.ts';

export interface WaitOptions {
  /** How long to wait at most, milliseconds. */
  readonly waitMs: number;
  /** Milliseconds on a clock that only goes forward. */
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

const POLL_MS = 250;
/** How long a trace that looks whole, or one with pieces missing, must not have grown. */
const QUIET_WHOLE_MS = 750;
const QUIET_BROKEN_MS = 3_000;

/** Whether a service that traces may have answered the span: not so a call that failed, nor one to a database. */
function expectsAnswer({ kind, attributes, status }: Span): boolean {
  return kind === 'CLIENT' && status.code !== 'ERROR' && 'http.request.method' in attributes;
}

/** Whether the trace has its root, every parent, and for each call the span that answered it. */
function looksWhole({ spans }: Trace): boolean {
  const ids = new Set(spans.map((span) => span.spanId));
  const answered = new Set(spans.filter((span) => span.kind === 'SERVER').map((span) => span.parentSpanId));
  return spans.every((span) => {
    const isAttached = span.parentSpanId === '' || ids.has(span.parentSpanId);
    return isAttached && (!expectsAnswer(span) || answered.has(span.spanId));
  });
}

/** The error of a trace that did not come: with what is left to check after waiting. */
function notArrived(cause: SourceError, source: TraceSource, traceId: string | undefined, waitMs: number) {
  const within = `in ${source.name} within ${waitMs / 1000} s`;
  const text =
    traceId === undefined
      ? `No trace arrived ${within}; send a request to a traced service.`
      : `Trace ${traceId} did not arrive ${within}; it may not be sampled, or its services send to another backend.`;
  return new SourceError(cause.code, text, cause);
}

async function tryRead(source: TraceSource, traceId: string | undefined): Promise<Trace | SourceError> {
  try {
    return await source.read(traceId);
  } catch (error) {
    if (error instanceof SourceError && (error.isNotFound || error.isUnreachable)) return error;
    throw error;
  }
}

/**
 * Reads a trace again and again until it has not grown for a while (longer when pieces seem to be missing), or the
 * time is over; then it is returned as it is. Without an id the first one found is waited for.
 * @throws SourceError the last one when no trace was found in time, and at once what waiting does not cure.
 */
export async function waitForTrace(
  source: TraceSource,
  traceId: string | undefined,
  { waitMs, clock, sleep }: WaitOptions,
): Promise<Trace> {
  const deadline = clock() + waitMs;
  let found: Trace | undefined;
  let grownAt = clock();
  for (;;) {
    const read = await tryRead(source, found?.traceId ?? traceId);
    const now = clock();
    if (!(read instanceof SourceError) && read.spans.length !== found?.spans.length) {
      found = read;
      grownAt = now;
    }
    if (found !== undefined && now - grownAt >= (looksWhole(found) ? QUIET_WHOLE_MS : QUIET_BROKEN_MS))
      return found;
    if (now >= deadline) {
      if (found !== undefined) return found;
      throw read instanceof SourceError && read.isNotFound ? notArrived(read, source, traceId, waitMs) : read;
    }
    await sleep(Math.min(POLL_MS, deadline - now));
  }
}
