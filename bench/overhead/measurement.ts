// Runs what was chosen, part by part, and gathers what was measured.

import { type ColdStartRow, compareColdStart } from './cold-start.ts';
import { type Comparison, compare } from './compare.ts';
import { measureExportTicks, type TickRow } from './export-ticks.ts';
import { type Memory, measureMemory } from './memory.ts';
import type { Mode } from './options.ts';
import { progress } from './progress.ts';
import { coldStartSection, memorySection, steadySection, ticksSection } from './report/parts.ts';
import { comparisonSection, halfLoadSection } from './report/workloads.ts';
import type { Part, Selection } from './selection.ts';
import { SIZES, type Sizes } from './sizes.ts';
import { bearableRate, measureSteady, type Steady } from './steady.ts';
import type { Surroundings } from './subject.ts';
import { withSurroundings } from './surroundings.ts';
import { LONGPOLE, REGISTER, STOCK, VARIANTS, type Variant } from './variants.ts';
import { HOP } from './workloads.ts';

export interface Results {
  readonly comparisons: readonly Comparison[];
  readonly coldStart?: readonly ColdStartRow[];
  readonly ticks?: readonly TickRow[];
  readonly steady?: Steady;
  readonly memory?: Memory;
  /** The tables, in the order in which they were measured. */
  readonly sections: readonly string[];
}

const named = (...names: string[]): Variant[] => VARIANTS.filter(({ name }) => names.includes(name));
const AT_HALF_LOAD = [...named('bare-again', 'dd-trace'), LONGPOLE, STOCK];
const COLD = [REGISTER, ...named('dd-trace'), STOCK];

export async function measure(
  { work, parts, hasHalfLoad }: Selection,
  mode: Mode,
  say: (section: string) => void,
): Promise<Results> {
  const sizes = SIZES[mode];
  return withSurroundings(async (around) => {
    const comparisons: Comparison[] = [];
    const sections: string[] = [];
    const tell = (section: string): void => {
      if (section === '') return;
      sections.push(section);
      say(section);
    };
    for (const { workload, variants } of work) {
      const share = workload.shareOfRequests;
      const comparison = await compare(workload, variants, around, {
        rounds: workload === HOP ? sizes.rounds : sizes.fewRounds,
        requests: Math.ceil(sizes.requests * share),
        warmUp: Math.ceil(sizes.warmUp * share),
        halfLoadMs: sizes.halfLoadMs,
        pairsOf: (variant) => (workload === HOP && variant === LONGPOLE ? sizes.pairsOfOurs : 1),
        isAtHalfLoad: (variant) => hasHalfLoad && workload === HOP && AT_HALF_LOAD.includes(variant),
      });
      comparisons.push(comparison);
      tell(comparisonSection(comparison));
      if (workload === HOP) tell(halfLoadSection(comparison));
    }
    return { comparisons, ...(await measureParts(parts, sizes, comparisons, around, tell)), sections };
  });
}

async function measureParts(
  parts: readonly Part[],
  sizes: Sizes,
  comparisons: readonly Comparison[],
  around: Surroundings,
  tell: (section: string) => void,
): Promise<Omit<Results, 'comparisons' | 'sections'>> {
  const results: { -readonly [Name in keyof Results]?: Results[Name] } = {};
  if (parts.includes('cold-start')) {
    results.coldStart = await compareColdStart(COLD, [REGISTER], around, sizes.coldStarts);
    tell(coldStartSection(results.coldStart));
  }
  if (parts.includes('export')) {
    const plan = { warmUp: sizes.warmUp, repetitions: sizes.ticks };
    results.ticks = await measureExportTicks([LONGPOLE], around, plan);
    tell(ticksSection(results.ticks));
  }
  if (!parts.includes('steady') && !parts.includes('memory')) return results;
  const hop = comparisons.find(({ workload }) => workload === HOP);
  const perSecond = await bearableRate(hop?.barePerSecond.median, around, sizes.warmUp);
  progress(`steady load: ${perSecond} requests a second`);
  if (parts.includes('steady')) {
    const plan = { perSecond, rounds: sizes.steadyRounds, warmUp: sizes.warmUp, blockMs: 1000 };
    results.steady = await measureSteady([LONGPOLE], around, plan);
    tell(steadySection(results.steady));
  }
  if (parts.includes('memory')) {
    const plan = { perSecond, seconds: sizes.memorySeconds, warmUp: sizes.warmUp };
    results.memory = await measureMemory([LONGPOLE], around, plan);
    tell(memorySection(results.memory));
  }
  return results;
}
