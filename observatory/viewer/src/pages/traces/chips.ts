// The filters of an address in words, and the address without one of them.
import { msText, timeText } from '../../parts/durations.ts';
import { shown } from '../../parts/shown.ts';
import type { Place } from '../../routing/location.ts';

function timeOf(value: string): string {
  const ms = Number(value);
  return Math.abs(ms) < 8.64e15 && value.trim() !== '' ? timeText(ms, Date.now()) : shown(value, 40);
}

function durationOf(value: string): string {
  const ms = Number(value);
  return Number.isFinite(ms) && value.trim() !== '' ? msText(ms) : shown(value, 40);
}

/** What each filter of the address says. */
const WORDS: Readonly<Record<string, (value: string) => string>> = {
  service: (value) => `service ${shown(value, 60)}`,
  operation: (value) => `span ${shown(value, 60)}`,
  attribute: (value) => shown(value, 80),
  minDurationMs: (value) => `at least ${durationOf(value)}`,
  maxDurationMs: (value) => `at most ${durationOf(value)}`,
  startMs: (value) => `began after ${timeOf(value)}`,
  endMs: (value) => `began before ${timeOf(value)}`,
  errors: () => 'only errors',
  jobs: () => 'no jobs',
};

export interface Chip {
  readonly name: string;
  readonly value: string;
  readonly text: string;
}

/** The chips of an address; a filter may be there several times. */
export function chipsOf(query: URLSearchParams): Chip[] {
  return Object.entries(WORDS).flatMap(([name, words]) =>
    query
      .getAll(name)
      .filter((value) => value !== '')
      .map((value) => ({ name, value, text: words(value) })),
  );
}

/** Names of the filters in the address, as the backend knows them. */
export const FILTERS: readonly string[] = Object.keys(WORDS);

/** The address without one chip. */
export function withoutChip({ path, query }: Place, { name, value }: Chip): string {
  const left = new URLSearchParams(query);
  left.delete(name, value);
  return left.size === 0 ? path : `${path}?${left}`;
}
