// Options of the analysis, checked when they are given.
import { nearestName } from '../trace/nearest-name.ts';

/** An option of the analysis does not exist or has an impossible value; the message names it and what it may be. */
export class AnalysisOptionError extends Error {
  readonly code = 'ERR_LONGPOLE_ANALYSIS_OPTION' as const;

  constructor(message: string) {
    super(message);
    this.name = 'AnalysisOptionError';
  }
}

/** A whole number that an option must be, from `min` to `max`. */
export interface CountOption {
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
}

/**
 * The options of `owner`, all of them whole numbers, with defaults for those that are absent or `undefined`.
 * @throws AnalysisOptionError when one does not exist or is out of its range.
 */
export function parseCounts<Name extends string>(
  owner: string,
  given: object,
  known: Readonly<Record<Name, CountOption>>,
): Record<Name, number> {
  const names = Object.keys(known) as Name[];
  const parsed = Object.fromEntries(names.map((name) => [name, known[name].fallback])) as Record<
    Name,
    number
  >;
  for (const [name, value] of Object.entries(given)) {
    if (!names.includes(name as Name)) {
      const near = nearestName(name, names);
      const cure = near === undefined ? `There are ${names.join(', ')}.` : `Did you mean ${near}?`;
      throw new AnalysisOptionError(`${owner} has no option ${name}. ${cure}`);
    }
    if (value === undefined) continue;
    const { min, max } = known[name as Name];
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new AnalysisOptionError(
        `${name} of ${owner} is ${String(value)}: give a whole number from ${min} to ${max}.`,
      );
    }
    parsed[name as Name] = value;
  }
  return parsed;
}
