// How much each kind of run measures.

import type { Mode } from './options.ts';

export interface Sizes {
  /** Of the hop, and of the smaller workloads. */
  readonly rounds: number;
  readonly fewRounds: number;
  /** Pairs of processes in each round of the hop for Longpole with every request, which most targets are about. */
  readonly pairsOfOurs: number;
  /** Requests that each application answers in a measured round of the hop. */
  readonly requests: number;
  /** Requests that each application answers before it is measured, until V8 compiles little of it anew. */
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
    pairsOfOurs: 1,
    requests: 2000,
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
    pairsOfOurs: 2,
    requests: 6000,
    warmUp: 40_000,
    halfLoadMs: 1500,
    steadyRounds: 3,
    memorySeconds: 120,
    ticks: 5,
    coldStarts: 9,
  },
  full: {
    rounds: 11,
    fewRounds: 7,
    pairsOfOurs: 3,
    requests: 12_000,
    warmUp: 80_000,
    halfLoadMs: 2000,
    steadyRounds: 7,
    memorySeconds: 600,
    ticks: 9,
    coldStarts: 21,
  },
};
