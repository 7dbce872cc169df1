// What is counted for the whole process, wherever its spans go.

import { contextDrops } from '../propagation/index.ts';
import { sharedState } from '../shared/state.ts';
import { callsWithoutContext } from '../trust/watch-callers.ts';
import type { ProcessCounts } from './types.ts';

export function processCounts(): ProcessCounts {
  const { faults, missing } = sharedState();
  return {
    missingAttributes: Object.fromEntries(missing),
    callsWithoutContext: callsWithoutContext(),
    contextDrops: contextDrops(),
    faults,
  };
}
