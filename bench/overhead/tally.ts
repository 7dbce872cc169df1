// Gathers what the rounds of one tracer on one workload say.

import type { FullLoad, RateLoads } from './round.ts';
import type { Variant } from './variants.ts';

/** What all rounds say of one tracer. */
export interface Row {
  readonly name: string;
  readonly label: string;
  readonly rounds: readonly FullLoad[];
  /** One of each round; none where it was not measured at half of the load. */
  readonly halfLoads: readonly RateLoads[];
  readonly failed: number;
  /** `undefined` where no spans are made. */
  readonly spans: SpanCount | undefined;
  /** Why it could not be measured. */
  readonly trouble: string | undefined;
}

export interface SpanCount {
  /** Spans of a request that arrived: one request after the other, and under load. */
  readonly atRest: number;
  readonly underLoad: number;
  /** Sampled spans that were made from start to end, where the tracer says so, and those that arrived. */
  readonly made: number | undefined;
  readonly received: number;
}

/** What one round says. */
export interface Measured {
  readonly fullLoad: FullLoad;
  readonly halfLoad: RateLoads | undefined;
  readonly made: number | undefined;
  readonly received: number;
}

export class Tally {
  readonly variant: Variant;
  readonly #rounds: Measured[] = [];
  /** Counted in the first round. */
  spansAtRest: number | undefined;
  trouble: string | undefined;

  constructor(variant: Variant) {
    this.variant = variant;
  }

  add(measured: Measured): void {
    this.#rounds.push(measured);
  }

  row(): Row {
    const rounds = this.#rounds.map(({ fullLoad }) => fullLoad);
    const halfLoads = this.#rounds.flatMap(({ halfLoad }) => (halfLoad === undefined ? [] : [halfLoad]));
    return {
      name: this.variant.name,
      label: this.variant.label,
      rounds,
      halfLoads,
      failed: sum(rounds, ({ failed }) => failed) + sum(halfLoads, ({ failed }) => failed),
      spans: this.variant.protocol === undefined ? undefined : this.#spans(rounds),
      trouble: this.trouble,
    };
  }

  #spans(rounds: readonly FullLoad[]): SpanCount {
    const saysSo = this.#rounds.every(({ made }) => made !== undefined);
    return {
      atRest: this.spansAtRest ?? 0,
      underLoad: sum(rounds, ({ spans }) => spans) / sum(rounds, ({ requests }) => requests),
      made: saysSo ? sum(this.#rounds, ({ made }) => made ?? 0) : undefined,
      received: sum(this.#rounds, ({ received }) => received),
    };
  }
}

function sum<T>(all: readonly T[], read: (each: T) => number): number {
  return all.reduce((total, each) => total + read(each), 0);
}
