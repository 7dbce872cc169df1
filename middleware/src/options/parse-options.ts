// Checks an options object against the keys it may have and answers a misspelt one with the nearest name.

import { LongpoleError } from '../shared/errors.ts';

/** Says what is wrong with a value, or `undefined` when it is fine. */
export type Check = (value: unknown) => string | undefined;

/**
 * Throws on anything in `options` that `checks` does not know or accept, and when one of the required options is missing.
 *
 * @throws LongpoleError `ERR_LONGPOLE_UNKNOWN_OPTION`, `ERR_LONGPOLE_INVALID_OPTION`
 */
export function parseOptions(
  owner: string,
  options: object | undefined,
  checks: Record<string, Check>,
  required: readonly string[] = [],
): void {
  if (options === undefined && required.length === 0) return;
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new LongpoleError(
      'ERR_LONGPOLE_INVALID_OPTION',
      `${owner} takes an options object, but received ${show(options)}.`,
    );
  }
  for (const [key, value] of Object.entries(options)) checkOne(owner, key, value, checks);
  for (const key of required) checkPresent(owner, key, (options as Record<string, unknown>)[key], checks);
}

function checkPresent(owner: string, key: string, value: unknown, checks: Record<string, Check>): void {
  if (value !== undefined) return;
  throw new LongpoleError(
    'ERR_LONGPOLE_INVALID_OPTION',
    `${owner} needs the option \`${key}\`: ${checks[key]?.(value)}.`,
  );
}

function checkOne(owner: string, key: string, value: unknown, checks: Record<string, Check>): void {
  const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
  if (check === undefined) throw unknownOption(owner, key, Object.keys(checks));
  const wrong = value === undefined ? undefined : check(value);
  if (wrong === undefined) return;
  throw new LongpoleError(
    'ERR_LONGPOLE_INVALID_OPTION',
    `${owner} received ${show(value)} for \`${key}\`: ${wrong}${wrong.endsWith('?') ? '' : '.'}`,
  );
}

function unknownOption(owner: string, key: string, known: readonly string[]): LongpoleError {
  const near = nearest(key, known);
  const cure = near === undefined ? `It knows ${known.join(', ')}.` : `Did you mean \`${near}\`?`;
  return new LongpoleError(
    'ERR_LONGPOLE_UNKNOWN_OPTION',
    `${owner} received an unknown option \`${key}\`. ${cure}`,
  );
}

/** The candidate that is spelt most like the word, when one is near enough to be meant. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const scored = candidates.map((name) => ({
    name,
    distance: editDistance(word.toLowerCase(), name.toLowerCase()),
  }));
  scored.sort((a, b) => a.distance - b.distance);
  const best = scored[0];
  return best !== undefined && best.distance <= Math.max(2, Math.floor(word.length / 3))
    ? best.name
    : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** A bad value as it is shown in an error: short, never throwing, and of an object only the keys. */
export function show(value: unknown): string {
  try {
    const text = textOf(value);
    return text.length > 80 ? `${text.slice(0, 77)}…` : text;
  } catch {
    return 'a value that cannot be shown';
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'string' || Array.isArray(value)) return JSON.stringify(value);
  if (typeof value === 'object' && value !== null) return `{ ${Object.keys(value).join(', ')} }`;
  return String(value);
}
