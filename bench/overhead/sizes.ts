// How much each kind of run measures.

import type { Mode } from './options.ts';

export interface Sizes {
  /** Of the hop, and of the smaller workloads. */
  readonly rounds: number;
  readonly fewRounds: number;
  /** Requests that each application answers in a measured round of the hop. */
  readonly requests: number;
  /** Requests that each application answers before it is measured: the hop until its code changes little, */
  readonly hopWarmUp: number;
  /** the others, and whatever is measured for its memory and its delays, until it is compiled for the most part. */
  readonly warmUp: number;
  readonly halfLoadMs: number;
  readonly steadyRounds: number;
  readonly memorySeconds: number;
  readonly ticks: number;
  readonly coldStarts: number;
}

export const SIZES: Readonly<Record<Mode, Sizes>> = {
  quick: {
    rounds: 2,
    fewRounds: 1,
    requests: 2000,
    hopWarmUp: 3500,
    warmUp: 3500,
    halfLoadMs: 500,
    steadyRounds: 1,
    memorySeconds: 20,
    ticks: 1,
    coldStarts: 3,
  },
  default: {
    rounds: 7,
    fewRounds: 5,
    requests: 6000,
    hopWarmUp: 40_000,
    warmUp: 5500,
    halfLoadMs: 600,
    steadyRounds: 3,
    memorySeconds: 40,
    ticks: 5,
    coldStarts: 9,
  },
  full: {
    rounds: 11,
    fewRounds: 7,
    requests: 12_000,
    hopWarmUp: 80_000,
    warmUp: 17_500,
    halfLoadMs: 2000,
    steadyRounds: 7,
    memorySeconds: 600,
    ticks: 9,
    coldStarts: 21,
  },
};
