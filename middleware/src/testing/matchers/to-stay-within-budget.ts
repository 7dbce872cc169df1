// toStayWithinBudget(): the trace has no more spans, calls or milliseconds than it may have.

import { isCount, isDurationMs, isRecord } from '../../options/checks.ts';
import { type Check, nearest, parseOptions } from '../../options/parse-options.ts';
import type { Mark } from '../drawing/draw-trace.ts';
import { msText } from '../drawing/span-text.ts';
import { type Call, callsOf } from '../view/calls.ts';
import { endOf, msBetween, type TraceView } from '../view/trace-view.ts';
import { argumentError } from './argument-error.ts';
import { givenTrace } from './given-trace.ts';
import { type MatcherResult, plural, result } from './result.ts';

/** The most there may be. What is left out has no limit. */
export interface TraceBudget {
  readonly spans?: number;
  /** Calls to other services: of all together, or of each by its name: `{ 'GET inventory': 1, payment: 2 }`. Retries count. */
  readonly calls?: number | Readonly<Record<string, number>>;
  /** Milliseconds from the start of the root to its end. */
  readonly durationMs?: number;
}

interface Excess {
  readonly sentence: string;
  readonly marks: readonly Mark[];
}

const OWNER = 'toStayWithinBudget()';

const isCalls: Check = (value) => {
  if (isCount(value) === undefined) return undefined;
  const isFine =
    isRecord(value) === undefined &&
    Object.values(value as object).every((most) => isCount(most) === undefined);
  return isFine ? undefined : "expected a whole number, or one for each call: { 'GET inventory': 1 }";
};
const checks: Record<string, Check> = { spans: isCount, calls: isCalls, durationMs: isDurationMs };

/** A call that was not made at all is within every budget; one whose name is misspelt is an error. */
export function toStayWithinBudget(received: unknown, budget: TraceBudget): MatcherResult {
  const view = givenTrace(OWNER, received);
  parseOptions(OWNER, budget, checks);
  if (budget === undefined || Object.keys(budget).length === 0) {
    throw argumentError(
      OWNER,
      budget,
      "expected a limit at least, such as { calls: { 'GET inventory': 1 } }",
    );
  }
  const excesses = [...spanExcess(view, budget), ...callExcess(view, budget), ...timeExcess(view, budget)];
  const call = { matcher: 'toStayWithinBudget', args: [budget] };
  const pass = excesses.length === 0;
  const say = () =>
    pass
      ? ['Expected the trace to exceed it, but it stays within.']
      : excesses.map(({ sentence }) => sentence);
  return result(call, view, { pass, say, marks: () => excesses.flatMap(({ marks }) => marks) });
}

function spanExcess(view: TraceView, { spans }: TraceBudget): Excess[] {
  const count = view.nodes.length;
  return spans === undefined || count <= spans
    ? []
    : [{ sentence: `It has ${plural(count, 'span')}, ${count - spans} more than ${spans}.`, marks: [] }];
}

function callExcess(view: TraceView, { calls: limits }: TraceBudget): Excess[] {
  if (limits === undefined) return [];
  const calls = callsOf(view);
  if (typeof limits === 'number') return tooMany('It makes', calls, limits);
  return Object.entries(limits).flatMap(([name, most]) => {
    const named = calls.filter(({ names }) => names.includes(name));
    if (named.length === 0 && most > 0) checkSpelling(name, calls);
    return tooMany(`'${name}' makes`, named, most);
  });
}

/** @throws LongpoleError `ERR_LONGPOLE_MATCHER_ARGUMENT` when a call of almost that name was made: the limit would guard nothing. */
function checkSpelling(name: string, calls: readonly Call[]): void {
  const names = [...new Set(calls.flatMap((call) => call.names))];
  const near = names.find((one) => isMisspelt(name, one));
  if (near === undefined) return;
  const cure = 'If not, leave it out here, or make it 0.';
  throw argumentError(
    OWNER,
    name,
    `no call of the trace is named so. Did you mean '${near}'? ${cure}`.slice(0, -1),
  );
}

/** Whether the two differ in one word, and in that by a few letters. Another method is another call, and so is another port. */
function isMisspelt(name: string, meant: string): boolean {
  const [words, others] = [name.split(' '), meant.split(' ')];
  if (words.length !== others.length) return false;
  const [different, ...more] = words.flatMap((word, i) =>
    word === others[i] ? [] : [[word, others[i] ?? ''] as const],
  );
  if (different === undefined || more.length > 0) return false;
  const [word, other] = different;
  const isName = !/\d/.test(word) && !/^[A-Z]+$/.test(word);
  return isName && nearest(word, [other]) !== undefined;
}

function tooMany(what: string, calls: readonly Call[], most: number): Excess[] {
  const made = calls.reduce((sum, { count }) => sum + count, 0);
  if (made <= most) return [];
  let sum = 0;
  const marks = calls.map(({ node, count }): Mark => {
    sum += count;
    return { node, sign: sum > most ? '✗' : '✓', notes: count === 1 ? [] : [`${count} calls, folded`] };
  });
  return [{ sentence: `${what} ${plural(made, 'call')}, ${made - most} more than ${most}.`, marks }];
}

function timeExcess(view: TraceView, { durationMs }: TraceBudget): Excess[] {
  const [root] = view.roots;
  if (durationMs === undefined || root === undefined) return [];
  const took = msBetween(root.span.startNs, endOf(root));
  if (took <= durationMs) return [];
  const sentence = `It took ${msText(took)}, ${msText(took - durationMs)} more than ${msText(durationMs)}.`;
  return [{ sentence, marks: [{ node: root, sign: '✗', notes: [] }] }];
}
