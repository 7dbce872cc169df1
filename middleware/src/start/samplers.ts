// Makes the head sampler that OTEL_TRACES_SAMPLER names.

import { getStringFromEnv } from '@opentelemetry/core';
import { alwaysOff, alwaysOn, type HeadSampler, parentBased, traceIdRatio } from '../sampling/samplers.ts';
import { samplerRatio } from './environment.ts';

const SAMPLERS: Readonly<Record<string, () => HeadSampler>> = {
  always_on: () => alwaysOn,
  always_off: () => alwaysOff,
  traceidratio: () => traceIdRatio(samplerRatio() ?? 1),
};

const PARENT_BASED = 'parentbased_';

/** Parent-based and always on when the variable is not set or names nothing known. */
export function createSampler(): HeadSampler {
  const name = getStringFromEnv('OTEL_TRACES_SAMPLER') ?? `${PARENT_BASED}always_on`;
  const isParentBased = name.startsWith(PARENT_BASED);
  const root = SAMPLERS[isParentBased ? name.slice(PARENT_BASED.length) : name]?.();
  if (root === undefined) return parentBased(alwaysOn);
  return isParentBased ? parentBased(root) : root;
}
