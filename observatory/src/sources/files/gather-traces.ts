// Whole traces out of a file, each as soon as its last span has gone by: the second pass of listing a file.
import type { Span, Trace } from '../../trace/span.ts';
import type { Bytes } from './bytes.ts';
import type { Piece } from './piece.ts';
import { readPieces } from './read-pieces.ts';
import type { ReadReport } from './read-report.ts';
import { spansOf } from './read-spans.ts';
import type { TraceIndex } from './trace-index.ts';
import { KEY_LIMIT, keyOf, scanKeys } from './trace-keys.ts';

/** A pass over the file: traces with keys from `from` to before `to` that end behind the piece `after`. */
interface Pass {
  readonly from: number;
  readonly to: number;
  readonly after: number;
}

interface OpenTrace {
  readonly key: number;
  readonly spans: Span[];
}

/** Traces of which there is more to come. */
class OpenTraces {
  readonly #index: TraceIndex;
  readonly #traces = new Map<string, OpenTrace>();
  #pass: Pass;
  spans = 0;

  constructor(index: TraceIndex, pass: Pass) {
    this.#index = index;
    this.#pass = pass;
  }

  get size(): number {
    return this.#traces.size;
  }

  /** Adds spans of piece `ordinal` and returns the traces that are whole with it. */
  add(spans: readonly Span[], ordinal: number): Trace[] {
    const touched = new Set<string>();
    for (const span of spans) if (this.#keep(span)) touched.add(span.traceId);
    const whole: Trace[] = [];
    for (const traceId of touched) {
      const open = this.#traces.get(traceId);
      if (open === undefined || (this.#index.get(open.key) ?? ordinal) > ordinal) continue;
      this.#remove(traceId, open);
      whole.push({ traceId, spans: open.spans });
    }
    return whole;
  }

  /** Whether traces with this key are read in this pass. */
  wants(key: number): boolean {
    const { from, to, after } = this.#pass;
    return key >= from && key < to && (this.#index.get(key) ?? Number.POSITIVE_INFINITY) > after;
  }

  #keep(span: Span): boolean {
    const open = this.#traces.get(span.traceId);
    if (open !== undefined) open.spans.push(span);
    else {
      const key = keyOf(span.traceId);
      if (!this.wants(key)) return false;
      this.#traces.set(span.traceId, { key, spans: [span] });
    }
    this.spans += 1;
    return true;
  }

  #remove(traceId: string, { spans }: OpenTrace): void {
    this.#traces.delete(traceId);
    this.spans -= spans.length;
  }

  /** Lets go of the upper half of the keys and returns the pass that has to read them, from piece `ordinal` on. */
  split(ordinal: number): Pass {
    const { from, to, after } = this.#pass;
    const middle = Math.ceil((from + to) / 2);
    this.#pass = { from, to: middle, after };
    for (const [traceId, open] of this.#traces) if (open.key >= middle) this.#remove(traceId, open);
    return { from: middle, to, after: Math.max(after, ordinal) };
  }

  get canSplit(): boolean {
    return this.#traces.size > 1 && this.#pass.to - this.#pass.from > 1;
  }

  /** What is left at the end of the file: traces of which a span was announced that could not be read. */
  takeRest(): Trace[] {
    return [...this.#traces].map(([traceId, { spans }]) => ({ traceId, spans }));
  }
}

/** Whether a line that an earlier pass has decoded may have spans for this one: told without decoding it again. */
function isOfUse({ unit, at, bytes }: Piece, open: OpenTraces, report: ReadReport): boolean {
  if (!report.isQuiet || unit !== 'line' || at === 0) return true;
  const keys = scanKeys(bytes);
  return keys === undefined || [...keys].some((key) => open.wants(key));
}

async function* gatherPass(
  bytes: Bytes,
  index: TraceIndex,
  report: ReadReport,
  pass: Pass,
  maxOpenSpans: number,
  later: Pass[],
): AsyncGenerator<Trace> {
  const open = new OpenTraces(index, pass);
  let ordinal = 0;
  for await (const pieces of readPieces(bytes, report)) {
    for (const piece of pieces) {
      if (isOfUse(piece, open, report)) {
        const whole = open.add(spansOf(bytes.name, piece, report), ordinal);
        report.traces += whole.length;
        yield* whole;
        while (open.spans > maxOpenSpans && open.canSplit) later.push(open.split(ordinal));
      }
      ordinal += 1;
    }
  }
  yield* open.takeRest();
}

/**
 * Every trace of the file, whole and once. Of more than `maxOpenSpans` spans that wait for the rest of their traces,
 * half are let go and read in a pass of their own, so that memory is bounded whatever the order of the spans is.
 */
export async function* gatherTraces(
  bytes: Bytes,
  index: TraceIndex,
  report: ReadReport,
  maxOpenSpans: number,
): AsyncGenerator<Trace> {
  const passes: Pass[] = [{ from: 0, to: KEY_LIMIT, after: -1 }];
  for (let pass = passes.pop(); pass !== undefined; pass = passes.pop()) {
    yield* gatherPass(bytes, index, report, pass, maxOpenSpans, passes);
    report.isQuiet = true;
  }
}
