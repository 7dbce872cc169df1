// The ratios that a run leaves behind, and what has become slower since.

import type { Comparison } from './compare.ts';
import { spreadOf } from './statistics.ts';
import type { Row } from './tally.ts';

/** A ratio that has grown by more than this is a regression. */
const LIMIT = 1.15;

/** Processor time ÷ bare, by workload and tracer. */
export type Baseline = Readonly<Record<string, Readonly<Record<string, number>>>>;

const cpuOf = ({ rounds }: Row): number => spreadOf(rounds.map(({ cpu }) => cpu)).median;

export function baselineOf(comparisons: readonly Comparison[]): Baseline {
  return Object.fromEntries(
    comparisons.map(({ workload, rows }) => {
      const measured = rows.filter(({ rounds }) => rounds.length > 0);
      return [
        workload.name,
        Object.fromEntries(measured.map((row) => [row.name, Number(cpuOf(row).toFixed(3))])),
      ];
    }),
  );
}

/**
 * A sentence for each tracer of ours that costs more than it did, or could not be measured. Ratios within one run are
 * compared, because absolute times are of the machine and the hour.
 */
export function regressions(comparisons: readonly Comparison[], baseline: Baseline): string[] {
  return comparisons.flatMap(({ workload, rows }) =>
    rows.flatMap((row) => {
      const known = baseline[workload.name]?.[row.name];
      if (!row.name.startsWith('longpole') || known === undefined) return [];
      if (row.trouble !== undefined) return [`${workload.name}, ${row.name}: ${row.trouble}`];
      const ratio = cpuOf(row);
      if (ratio <= known * LIMIT) return [];
      return [
        `${workload.name}, ${row.name}: ${ratio.toFixed(2)} × bare Express, ${known.toFixed(2)} × in the baseline`,
      ];
    }),
  );
}
