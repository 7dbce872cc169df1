// Everything that a comparison asks, corrected together, so that asking much does not raise false alarms.
import { holm } from '../statistics/holm.ts';

/** Chance of even one false alarm in a whole comparison. */
export const FALSE_ALARM = 0.05;

/** With fewer traces on either side nothing is judged. */
export const LEAST_TO_COMPARE = 10;

/** Questions of different weight share the chance of a false alarm equally, however many there are of each. */
const FAMILIES = ['route', 'group', 'operation'] as const;
export type Family = (typeof FAMILIES)[number];

/** The answer to a question: the corrected p-value, known when all questions have been asked. */
export type Answer = () => number;

/** Collects questions first and corrects all their p-values when the first answer is read. */
export class Hypotheses {
  readonly #asked: Record<Family, number[]> = { route: [], group: [], operation: [] };
  #corrected: Record<Family, number[]> | undefined;

  ask(family: Family, pValue: number): Answer {
    const place = this.#asked[family].push(pValue) - 1;
    return () => {
      this.#corrected ??= this.#correct();
      return Math.min(1, (this.#corrected[family][place] ?? 1) * FAMILIES.length);
    };
  }

  #correct(): Record<Family, number[]> {
    const { route, group, operation } = this.#asked;
    return { route: holm(route), group: holm(group), operation: holm(operation) };
  }
}
