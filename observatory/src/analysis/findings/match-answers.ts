// Which answer without a call belongs to which call without an answer, over all traces of a set.
import type { SpanNode } from '../../trace/node.ts';
import { nameOf, type SpanName } from './case-book.ts';
import { type Ends, endsOf, mayAnswer, toleranceOf } from './open-calls.ts';

/** A CLIENT span that got an answer and has no SERVER span below it. */
export interface Call extends SpanName {
  readonly ends: Ends;
}

/** A SERVER span without a parent. */
export interface Answer extends Call {
  /** Whether it names a parent, which is missing. */
  readonly isOrphan: boolean;
  /** Trace and span id of the caller that was not trusted; else the empty string. */
  readonly untrusted: string;
}

export interface Matches {
  readonly pairs: readonly { readonly call: Call; readonly answer: Answer }[];
  readonly calls: readonly Call[];
  readonly answers: readonly Answer[];
}

/** Free answers looked at for one call at most: thousands of requests may run beside a slow one. */
const MAX_LOOKS = 500;

/** Answers of one service, or at one host and path, in the order of their starts, each given away once. */
class Shelf {
  readonly #answers: Answer[] = [];
  /** For each place the next one that may be free. */
  readonly #next: number[] = [];

  add(answer: Answer): void {
    this.#answers.push(answer);
    this.#next.push(this.#next.length);
  }

  /** Gives away the first free answer that fits and starts in the call's time. */
  take(call: Call): Answer | undefined {
    const tolerance = toleranceOf(call.ends);
    let place = this.#free(this.#firstFrom(call.ends.startNs - tolerance));
    for (let looks = 0; looks < MAX_LOOKS; looks++) {
      const answer = this.#answers[place];
      if (answer === undefined || answer.ends.startNs > call.ends.endNs + tolerance) return undefined;
      if (fits(call, answer)) {
        this.#next[place] = place + 1;
        return answer;
      }
      place = this.#free(place + 1);
    }
    return undefined;
  }

  /** The first free place from `place` on; shortens the way for those who come later. */
  #free(place: number): number {
    let free = place;
    while (this.#next[free] !== undefined && this.#next[free] !== free) free = this.#next[free] as number;
    for (let at = place; at !== free; ) {
      const next = this.#next[at] as number;
      this.#next[at] = free;
      at = next;
    }
    return free;
  }

  #firstFrom(timeNs: bigint): number {
    let [low, high] = [0, this.#answers.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#answers[middle] as Answer).ends.startNs < timeNs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function fits(call: Call, answer: Answer): boolean {
  if (answer.isOrphan && answer.traceId !== call.traceId) return false;
  return mayAnswer(call.ends, answer.ends);
}

/** Where the answers to a call stand, and under which two keys an answer does. */
function keyOfCall({ ends }: Call): string {
  return ends.peer === '' ? `at ${ends.host} ${ends.path}` : `in ${ends.peer}`;
}

function keysOf(answer: Answer): readonly string[] {
  if (answer.untrusted !== '') return [];
  return [`in ${answer.service}`, `at ${answer.ends.host} ${answer.ends.path}`];
}

class Shelves {
  readonly #shelves = new Map<string, Shelf>();
  readonly #untrusted = new Map<string, Answer>();
  readonly #taken = new Set<Answer>();

  constructor(answers: readonly Answer[]) {
    for (const answer of answers) {
      if (answer.untrusted !== '') this.#untrusted.set(answer.untrusted, answer);
      for (const key of keysOf(answer)) {
        const shelf = this.#shelves.get(key) ?? new Shelf();
        this.#shelves.set(key, shelf);
        shelf.add(answer);
      }
    }
  }

  has(answer: Answer): boolean {
    return !this.#taken.has(answer);
  }

  take(call: Call): Answer | undefined {
    const linked = this.#untrusted.get(`${call.traceId} ${call.spanId}`);
    const shelf = this.#shelves.get(keyOfCall(call));
    let answer = linked ?? shelf?.take(call);
    // An answer stands on two shelves: what was taken from the other one is passed over.
    while (answer !== undefined && this.#taken.has(answer)) answer = shelf?.take(call);
    if (answer !== undefined) this.#taken.add(answer);
    return answer;
  }
}

/** Pairs calls with answers, each once, the earliest first; both lists are in the order of their starts. */
export function matchAnswers(calls: readonly Call[], answers: readonly Answer[]): Matches {
  const shelves = new Shelves(answers);
  const open: Call[] = [];
  const pairs: { call: Call; answer: Answer }[] = [];
  for (const call of calls) {
    const answer = shelves.take(call);
    if (answer === undefined) open.push(call);
    else pairs.push({ call, answer });
  }
  return { pairs, calls: open, answers: answers.filter((answer) => shelves.has(answer)) };
}

/** A CLIENT span as a call. */
export function callFrom({ span }: SpanNode): Call {
  return { ...nameOf(span), ends: endsOf(span) };
}

/** The span of an untrusted caller that a SERVER span is linked to instead of continuing it. */
function untrustedCaller({ span }: SpanNode): string {
  const link = span.links.find(({ attributes }) => attributes['longpole.link'] === 'untrusted_caller');
  return link === undefined ? '' : `${link.traceId} ${link.spanId}`;
}

/** A SERVER span without a parent as an answer. */
export function answerFrom(node: SpanNode): Answer {
  const isOrphan = node.span.parentSpanId !== '';
  return { ...callFrom(node), isOrphan, untrusted: untrustedCaller(node) };
}
