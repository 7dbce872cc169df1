// The right side of a limit: a number and its unit.
import { nearestName } from '../../trace/nearest-name.ts';
import { LimitError } from './limit-error.ts';

/** What a number may be: nanoseconds, a share (0.6 for 60 %) or a count. */
export type Quantity = 'duration' | 'share' | 'count';

export interface ParsedValue {
  readonly quantity: Quantity;
  readonly value: number;
}

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  min: 60e9,
  m: 60e9,
  h: 3600e9,
};
const SPELT_OUT: Readonly<Record<string, string>> = {
  sec: 's',
  secs: 's',
  seconds: 's',
  minutes: 'min',
  msec: 'ms',
  millis: 'ms',
};

function unitCure(unit: string, number: string): string {
  const near = SPELT_OUT[unit.toLowerCase()] ?? nearestName(unit, Object.keys(UNITS));
  if (near !== undefined) return `Did you mean ${number}${near}?`;
  return `Durations end in ns, us, ms, s, min or h, shares in %.`;
}

/** Reads `800ms`, `1.5 s`, `60%` or `100`, which begins at `position` of the limit. */
export function parseValue(text: string, position: number): ParsedValue {
  const given = text.slice(position);
  if (given.trim() === '') throw new LimitError(text, position, 'there is no number after the comparison.');
  const [, number = '', unit = ''] = /^(\d[\d_ ]*(?:\.\d+)?|\.\d+)\s*([^\d\s]*)\s*$/.exec(given) ?? [];
  if (number === '') {
    const cure = /\d,\d/.test(given) ? 'Write decimals with a point, 1.5s.' : undefined;
    throw new LimitError(text, position, `'${given.trim()}' is no number with a unit.`, cure);
  }
  const value = Number(number.replaceAll(/[_ ]/g, ''));
  if (unit === '') return { quantity: 'count', value };
  if (unit === '%') return { quantity: 'share', value: value / 100 };
  const scale = UNITS[unit] ?? UNITS[unit.toLowerCase()];
  if (scale !== undefined) return { quantity: 'duration', value: value * scale };
  const place = position + given.lastIndexOf(unit);
  throw new LimitError(text, place, `there is no unit '${unit}'.`, unitCure(unit, number.trim()));
}
