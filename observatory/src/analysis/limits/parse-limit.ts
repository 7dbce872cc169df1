// Reads a limit of `--fail-if`.
import type { Limit, LimitOperator } from './limit.ts';
import { LimitError } from './limit-error.ts';
import { type ParsedSubject, parseSubject } from './parse-subject.ts';
import { parseValue, type Quantity } from './parse-value.ts';

const OPERATORS: Readonly<Record<string, LimitOperator>> = {
  '>': '>',
  '>=': '>=',
  '≥': '>=',
  '<': '<',
  '<=': '<=',
  '≤': '<=',
};
const CURES: Readonly<Record<string, string>> = { '=>': '>=', '=<': '<=', '>>': '>', '<<': '<' };
/** A whole limit with a word behind it that would join another to it: `> 800ms &&`. */
const JOINED = /[<>≥≤]=?\s*\d[\d.]*\s*(?:%|[a-zµ]+)?\s*(?:&&?|\|\|?|,|;|\band\b|\bor\b)/i;

interface Sides {
  readonly left: string;
  readonly operator: LimitOperator;
  /** Where the number begins. */
  readonly valueAt: number;
}

function split(text: string): Sides {
  const match = /^(?<left>.*?)(?<operator>[<>=!≥≤]+)\s*(?=[^<>=!≥≤]*$)/s.exec(text);
  const { left = '', operator = '' } = match?.groups ?? {};
  if (match === null) {
    throw new LimitError(
      text,
      0,
      text.trim() === '' ? 'it is empty.' : 'there is no comparison (>, >=, < or <=) in it.',
    );
  }
  const known = OPERATORS[operator];
  if (known === undefined) {
    const cure = CURES[operator];
    throw new LimitError(
      text,
      left.length,
      `'${operator}' is no comparison.`,
      cure === undefined ? 'Use >, >=, < or <=.' : `Did you mean ${cure}?`,
    );
  }
  const joined = JOINED.exec(left);
  if (joined !== null) {
    throw new LimitError(text, joined.index, 'these are two limits.', 'Give each its own --fail-if.');
  }
  if (left.trim() === '') throw new LimitError(text, 0, `there is nothing before the '${operator}'.`);
  return { left: left.trim(), operator: known, valueAt: match[0].length };
}

/** Throws when a number is not what the subject is measured in. */
function checkQuantity(
  text: string,
  { left, operator, valueAt }: Sides,
  wanted: Quantity,
  given: Quantity,
): void {
  if (wanted === given) return;
  const number = text.slice(valueAt).trim();
  const write = (value: string): string => `'${left} ${operator} ${value}'`;
  const fail = (problem: string, cure: string): LimitError => new LimitError(text, valueAt, problem, cure);
  if (wanted === 'count')
    throw fail(`${left} is a number of traces and has no unit.`, `Write ${write('100')}.`);
  const unit = wanted === 'duration' ? 'ms' : '%';
  if (given === 'count') throw fail(`${number} has no unit.`, `Did you mean ${write(number + unit)}?`);
  if (wanted === 'share') throw fail(`${left} is a share and ${number} is none.`, `Write ${write('10%')}.`);
  throw fail(`${left} is a duration and ${number} is none.`, `Write ${write('800ms')} or ${write('1.5s')}.`);
}

function checkRange(text: string, at: number, limit: Limit, { quantity }: ParsedSubject): void {
  const { subject, operator, value } = limit;
  const isUpper = operator === '>' || operator === '>=';
  if (subject.kind === 'slower' && !isUpper) {
    throw new LimitError(text, at, 'slower is compared with > or >= only.', "Write 'slower > 10%'.");
  }
  if (quantity === 'share' && subject.kind !== 'slower' && (value > 1 || (value === 1 && operator === '>'))) {
    throw new LimitError(
      text,
      at,
      'no share is larger than 100 %, so this limit could never be broken.',
      'Give a number from 0% to 99%.',
    );
  }
  if (subject.kind === 'count' && !Number.isInteger(value)) {
    throw new LimitError(text, at, 'count is a whole number of traces.', "Write 'count < 100'.");
  }
}

/**
 * Reads a limit: what must not be. `p95 > 800ms` (any percentile, `median`, `mean`, `max`), `errors > 1%`,
 * `payment > 60%` and `payment · charge > 50%` (share on the critical path), `network > 20%` (also `queue` and
 * `untraced`), `count < 100`, and for comparisons `slower > 10%`.
 * @throws LimitError `ERR_LONGPOLE_LIMIT` with the text, the place and the cure.
 */
export function parseLimit(text: string): Limit {
  const sides = split(text);
  const { left, operator, valueAt } = sides;
  const given = parseValue(text, valueAt);
  const parsed = parseSubject(left, text, text.indexOf(left), given.quantity);
  checkQuantity(text, sides, parsed.quantity, given.quantity);
  const limit: Limit = { text: text.trim(), subject: parsed.subject, operator, value: given.value };
  checkRange(text, valueAt, limit, parsed);
  return limit;
}
