// Which answer without a call belongs to which call without an answer, over all traces of a set.
import type { SpanName } from './case-book.ts';
import { type Ends, mayAnswer, toleranceOf } from './open-calls.ts';

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

/** Answers looked at for one call at most: thousands of requests may run beside a slow one. */
const MAX_LOOKS = 2_000;

/** The place of the first answer that starts at `timeNs` or later. */
function firstFrom(answers: readonly Answer[], timeNs: bigint): number {
  let [low, high] = [0, answers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((answers[middle] as Answer).ends.startNs < timeNs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function fits(call: Call, answer: Answer): boolean {
  if (answer.untrusted !== '') return answer.untrusted === `${call.traceId} ${call.spanId}`;
  if (answer.isOrphan && answer.traceId !== call.traceId) return false;
  return mayAnswer(call.ends, answer.ends);
}

function answerTo(call: Call, answers: readonly Answer[], taken: ReadonlySet<Answer>): Answer | undefined {
  const tolerance = toleranceOf(call.ends);
  const from = firstFrom(answers, call.ends.startNs - tolerance);
  for (let i = from; i < answers.length && i < from + MAX_LOOKS; i++) {
    const answer = answers[i] as Answer;
    if (answer.ends.startNs > call.ends.endNs + tolerance) return undefined;
    if (!taken.has(answer) && fits(call, answer)) return answer;
  }
  return undefined;
}

/** Pairs calls with answers, each once, the earliest first; both lists are in the order of their starts. */
export function matchAnswers(calls: readonly Call[], answers: readonly Answer[]): Matches {
  const taken = new Set<Answer>();
  const open: Call[] = [];
  const pairs: { call: Call; answer: Answer }[] = [];
  for (const call of calls) {
    const answer = answerTo(call, answers, taken);
    if (answer === undefined) {
      open.push(call);
      continue;
    }
    taken.add(answer);
    pairs.push({ call, answer });
  }
  return { pairs, calls: open, answers: answers.filter((answer) => !taken.has(answer)) };
}
