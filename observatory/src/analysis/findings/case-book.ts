// Cases: what was seen of one kind of trouble between the same parties, counted over all traces, with a few samples.
import type { Span } from '../../trace/span.ts';
import type { Evidence } from './finding.ts';
import { SmallestMap } from './smallest.ts';

/** Different cases of one check at most. */
const MAX_CASES = 500;
/** Spans and traces kept of a case. */
const SAMPLES = 10;
/** Different words kept of a case. */
const WORDS = 20;

/** Who a case is about: texts by which it is told from others. */
type Parties = Readonly<Record<string, string>>;

/** What of a span is kept. */
export type SpanName = Pick<Span, 'traceId' | 'spanId' | 'service' | 'name'>;

/** What one trace adds to a case. */
export interface Sighting {
  readonly spans: readonly SpanName[];
  /** How many it stands for; defaults to the number of spans. */
  readonly count?: number;
  /** A number of which the largest and the smallest are kept. */
  readonly size?: number;
  /** An amount that is added up. */
  readonly amount?: bigint;
  /** Names that are collected. */
  readonly words?: readonly string[];
}

/** Everything seen of one case. */
export interface Case<P extends Parties> {
  readonly parties: P;
  readonly count: number;
  readonly traces: number;
  readonly traceIds: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly largest: number;
  readonly smallest: number;
  readonly amount: bigint;
  /** In the order of the alphabet. */
  readonly words: readonly string[];
}

class OpenCase<P extends Parties> {
  readonly parties: P;
  readonly #spans = new SmallestMap<string, Evidence>(SAMPLES);
  readonly #traceIds = new SmallestMap<string, true>(SAMPLES);
  readonly #words = new SmallestMap<string, true>(WORDS);
  #count = 0;
  #traces = 0;
  #lastTraceId = '';
  #largest = Number.NEGATIVE_INFINITY;
  #smallest = Number.POSITIVE_INFINITY;
  #amount = 0n;

  constructor(parties: P) {
    this.parties = parties;
  }

  add(traceId: string, sighting: Sighting): void {
    const { spans, count = spans.length, size = count, amount = 0n, words = [] } = sighting;
    this.#count += count;
    if (traceId !== this.#lastTraceId) this.#traces += 1;
    this.#lastTraceId = traceId;
    this.#largest = Math.max(this.#largest, size);
    this.#smallest = Math.min(this.#smallest, size);
    this.#amount += amount;
    for (const word of words) this.#words.open(word, () => true);
    this.#traceIds.open(traceId, () => true);
    for (const span of spans.slice(0, SAMPLES)) {
      this.#traceIds.open(span.traceId, () => true);
      this.#spans.open(`${span.traceId} ${span.spanId}`, () => evidenceOf(span));
    }
  }

  close(): Case<P> {
    return {
      parties: this.parties,
      count: this.#count,
      traces: this.#traces,
      traceIds: keysOf(this.#traceIds),
      evidence: this.#spans.entries().map(([, evidence]) => evidence),
      largest: this.#largest,
      smallest: this.#smallest,
      amount: this.#amount,
      words: keysOf(this.#words),
    };
  }
}

function keysOf(map: SmallestMap<string, true>): string[] {
  return map.entries().map(([key]) => key);
}

/** A span as it is named in evidence. */
function evidenceOf({ traceId, spanId, service, name }: SpanName): Evidence {
  return { traceId, spanId, service, operation: name };
}

/** The cases of one check. What is kept does not grow with the number of traces, nor depend on their order. */
export class CaseBook<P extends Parties> {
  readonly #cases = new SmallestMap<string, OpenCase<P>>(MAX_CASES);

  /** Notes what a trace shows of the case between `parties`; all of one trace comes before the next trace. */
  add(traceId: string, parties: P, sighting: Sighting): void {
    this.#cases.open(JSON.stringify(parties), () => new OpenCase(parties))?.add(traceId, sighting);
  }

  /** All cases, in the order of their parties. */
  close(): Case<P>[] {
    return this.#cases.entries().map(([, open]) => open.close());
  }
}

/** A span without its attributes: what may be kept of it for long. */
export function nameOf({ traceId, spanId, service, name }: SpanName): SpanName {
  return { traceId, spanId, service, name };
}
