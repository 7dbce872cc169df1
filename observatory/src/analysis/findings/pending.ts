// What can only be judged when the whole set was seen: kept until then, the earliest first, up to a bound.
import { SmallestMap } from './smallest.ts';

/** Things kept at most by one check: the earliest in time, so that what belongs together is kept together. */
export const MAX_PENDING = 50_000;

/** A list in the order of time. Of more than {@link MAX_PENDING} things the later ones are left out. */
export class Pending<Thing> {
  readonly #things = new SmallestMap<string, Thing>(MAX_PENDING);

  #added = 0;

  /** How many there was no room for. */
  get leftOut(): number {
    return this.#added - this.#things.size;
  }

  /** `id` tells things of the same time apart. */
  add(timeNs: bigint, id: string, thing: Thing): void {
    this.#added += 1;
    this.#things.open(`${timeNs.toString().padStart(24, '0')} ${id}`, () => thing);
  }

  inOrder(): Thing[] {
    return this.#things.entries().map(([, thing]) => thing);
  }
}
