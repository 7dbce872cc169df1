// Measures how long an application takes from the start of its process until it listens.

import { type Spread, spreadOf } from './statistics.ts';
import { Subject, type Surroundings } from './subject.ts';
import { BARE, STOCK, VARIANTS, type Variant } from './variants.ts';
import { HOP } from './workloads.ts';

export interface ColdStartRow {
  readonly label: string;
  readonly ms: Spread;
}

/** Longpole as `--import @longpole/express/register` starts it, without a line in the application. */
const REGISTER: Variant = {
  name: 'longpole-register',
  label: '**Longpole**, `register`',
  protocol: 'otlp',
  preload: ['@longpole/express/register'],
};

/** In turns, so that a slow moment of the machine meets all of them. */
export async function compareColdStart(around: Surroundings, rounds: number): Promise<ColdStartRow[]> {
  const others = VARIANTS.filter(({ name }) => name === 'dd-trace' || name === 'elastic');
  const variants = [BARE, REGISTER, STOCK, ...others];
  const times = variants.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, variant] of variants.entries()) {
      const begun = performance.now();
      const subject = await Subject.start(variant, HOP, around);
      times[i]?.push(performance.now() - begun);
      await subject.stop();
    }
  }
  return variants.map(({ label }, i) => ({ label, ms: spreadOf(times[i] ?? []) }));
}
