// The left side of a limit: what is looked at.
import { nearestName } from '../../trace/nearest-name.ts';
import type { LimitSubject } from './limit.ts';
import { LimitError } from './limit-error.ts';
import type { Quantity } from './parse-value.ts';

/** What is written as one word, and what number it is. */
const WORDS: Readonly<Record<string, { readonly subject: LimitSubject; readonly quantity: Quantity }>> = {
  median: { subject: { kind: 'percentile', percentile: 50 }, quantity: 'duration' },
  max: { subject: { kind: 'max' }, quantity: 'duration' },
  mean: { subject: { kind: 'mean' }, quantity: 'duration' },
  count: { subject: { kind: 'count' }, quantity: 'count' },
  errors: { subject: { kind: 'errors' }, quantity: 'share' },
  slower: { subject: { kind: 'slower' }, quantity: 'share' },
  network: { subject: { kind: 'time', time: 'network' }, quantity: 'share' },
  queue: { subject: { kind: 'time', time: 'queue' }, quantity: 'share' },
  untraced: { subject: { kind: 'time', time: 'untraced' }, quantity: 'share' },
};
const SHARES = Object.keys(WORDS).filter((word) => WORDS[word]?.quantity === 'share');
const KNOWN = [...Object.keys(WORDS), 'p50', 'p90', 'p95', 'p99'];
const ANOTHER_WORD: Readonly<Record<string, string>> = {
  avg: 'mean',
  average: 'mean',
  min: 'p50',
  traces: 'count',
  duration: 'p50',
  error: 'errors',
};

export interface ParsedSubject {
  readonly subject: LimitSubject;
  readonly quantity: Quantity;
}

function percentileOf(word: string, text: string, position: number): ParsedSubject | undefined {
  const digits = /^p(\d+(?:\.\d+)?)$/i.exec(word)?.[1];
  if (digits === undefined) return undefined;
  const percentile = Number(digits);
  if (percentile > 0 && percentile < 100)
    return { subject: { kind: 'percentile', percentile }, quantity: 'duration' };
  throw new LimitError(
    text,
    position,
    `there is no ${word}: percentiles lie between 0 and 100.`,
    "Write 'max' for the longest of all.",
  );
}

function shareOf(name: string): ParsedSubject {
  const [service = '', ...operation] = name.split('·').map((part) => part.trim());
  const rest = operation.length === 0 ? undefined : operation.join(' · ');
  return { subject: { kind: 'share', service, operation: rest }, quantity: 'share' };
}

function unknown(word: string, text: string, position: number, quantity: Quantity): LimitError {
  const near = Object.hasOwn(ANOTHER_WORD, word.toLowerCase())
    ? ANOTHER_WORD[word.toLowerCase()]
    : nearestName(word, quantity === 'share' ? SHARES : KNOWN);
  if (quantity === 'share') {
    return new LimitError(
      text,
      position,
      `did you mean '${near}'?`,
      `For a service of that name write '"${word}" …'.`,
    );
  }
  const what = quantity === 'count' ? 'a number without a unit' : 'a duration';
  const asShare = `Did you mean '${text.trim()}%'?`;
  if (quantity === 'count' && near === undefined)
    return new LimitError(text, position, `'${word}' has no number without a unit.`, asShare);
  const cure =
    near === undefined
      ? `There are ${KNOWN.join(', ')}; shares of a service are in %, 'payment > 60%'.`
      : `Did you mean '${near}'?`;
  return new LimitError(text, position, `'${word}' is nothing that has ${what}.`, cure);
}

/**
 * Reads `p95`, `errors`, `payment` or `payment · charge`, which is at `position` of the limit. A name in double quotes
 * is always a service (and operation).
 * @param quantity What it is compared with: only shares can be those of a service.
 */
export function parseSubject(
  word: string,
  text: string,
  position: number,
  quantity: Quantity,
): ParsedSubject {
  const quoted = /^"(.+)"$/.exec(word)?.[1];
  if (quoted !== undefined) return shareOf(quoted);
  const known = Object.hasOwn(WORDS, word.toLowerCase())
    ? WORDS[word.toLowerCase()]
    : percentileOf(word, text, position);
  if (known !== undefined) return known;
  const isMisspelt = word.length > 4 && nearestName(word, SHARES) !== undefined;
  if (quantity !== 'share' || isMisspelt) throw unknown(word, text, position, quantity);
  return shareOf(word);
}
