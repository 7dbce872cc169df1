// Makes the head sampler that OTEL_TRACES_SAMPLER names.

import { getStringFromEnv } from '@opentelemetry/core';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import { samplerRatio } from './environment.ts';

const SAMPLERS: Readonly<Record<string, () => Sampler>> = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: () => new TraceIdRatioBasedSampler(samplerRatio() ?? 1),
};

const PARENT_BASED = 'parentbased_';

/** Parent-based and always on when the variable is not set or names nothing known. */
export function createSampler(): Sampler {
  const name = getStringFromEnv('OTEL_TRACES_SAMPLER') ?? `${PARENT_BASED}always_on`;
  const isParentBased = name.startsWith(PARENT_BASED);
  const root = SAMPLERS[isParentBased ? name.slice(PARENT_BASED.length) : name]?.();
  if (root === undefined) return new ParentBasedSampler({ root: new AlwaysOnSampler() });
  return isParentBased ? new ParentBasedSampler({ root }) : root;
}
