// What one trace has, taken down span by span: each trait once, of each measured attribute the largest number.
import type { KeyEntry, TraitSink } from './attribute-values.ts';

/** Notes on one trace at a time; the lists are used again for the next. */
export class TraceNotes implements TraitSink {
  readonly traits: number[] = [];
  /** Numbers of the measured attributes. */
  readonly keys: number[] = [];
  /** The number for each of `keys`. */
  readonly values: number[] = [];
  readonly #lastTrace: number[] = [];
  readonly #places = new Map<KeyEntry, number>();
  #trace = 0;

  /** Begins the next trace. */
  begin(): void {
    this.#trace += 1;
    for (const list of [this.traits, this.keys, this.values]) list.length = 0;
    this.#places.clear();
  }

  has(trait: number): void {
    if (this.#lastTrace[trait] === this.#trace) return;
    this.#lastTrace[trait] = this.#trace;
    this.traits.push(trait);
  }

  measures(key: KeyEntry, value: number): void {
    const place = this.#places.get(key);
    if (place !== undefined) {
      this.values[place] = Math.max(value, this.values[place] as number);
      return;
    }
    this.#places.set(key, this.keys.push(key.id) - 1);
    this.values.push(value);
  }
}
