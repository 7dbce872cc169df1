// Remembers what spans of one kind had last in the same places of their lists, which is nearly always what the next one has there.

import type { FlatAttributes } from '../recording/attribute-list.ts';
import type { KnownAttribute } from './known-attributes.ts';

/** Neighbours that are copied together. */
interface Run {
  readonly end: number;
  /** `undefined` until the same neighbours have come twice in a row: it is made for those that stay. */
  bytes: Uint8Array | undefined;
}

/** Most attributes of a run, so that runs never keep much. */
const LONGEST_RUN = 32;

export class Places {
  readonly #tag: number;
  readonly #attributes: (KnownAttribute | undefined)[] = [];
  /** By their first places. */
  readonly #runs: (Run | undefined)[] = [];

  /** @param tag is written before each attribute */
  constructor(tag: number) {
    this.#tag = tag;
  }

  /** The first place from `start` on that has another attribute in `flat` than it had before. */
  sameUntil(flat: Readonly<FlatAttributes>, start: number): number {
    const attributes = this.#attributes;
    const last = Math.min(flat.length >> 1, start + LONGEST_RUN);
    let place = start;
    for (; place < last; place++) {
      const known = attributes[place];
      if (known === undefined || known.value !== flat[place * 2 + 1] || known.name !== flat[place * 2]) break;
    }
    return place;
  }

  /** What was in the place before. */
  at(place: number): KnownAttribute | undefined {
    return this.#attributes[place];
  }

  /** The attributes from `start` to before `end` as they were before, encoded, each with its tag. */
  bytesOf(start: number, end: number): Uint8Array | undefined {
    const run = this.#runs[start];
    if (run?.end !== end) {
      this.#runs[start] = { end, bytes: undefined };
      return undefined;
    }
    run.bytes ??= this.#join(start, end);
    return run.bytes;
  }

  put(place: number, attribute: KnownAttribute): void {
    this.#attributes[place] = attribute;
    const runs = this.#runs;
    for (let start = Math.max(0, place - LONGEST_RUN); start <= place; start++) {
      const run = runs[start];
      if (run !== undefined && run.end > place) runs[start] = undefined;
    }
  }

  #join(start: number, end: number): Uint8Array {
    const bytes: number[] = [];
    for (const attribute of this.#attributes.slice(start, end))
      if (attribute !== undefined) bytes.push(this.#tag, ...attribute.bytes);
    return new Uint8Array(bytes);
  }
}
