// The hint to the name that was meant.

import { nearest } from '../../options/parse-options.ts';

/** ` Did you mean 'payment'?`, with the space before it; the empty string when no candidate is near. */
export function didYouMean(word: unknown, candidates: readonly string[]): string {
  const near = typeof word === 'string' ? nearest(word, candidates) : undefined;
  return near === undefined ? '' : ` Did you mean '${near}'?`;
}
