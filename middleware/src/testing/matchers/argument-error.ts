// The error of a matcher that was called with something it cannot take.

import { show } from '../../options/parse-options.ts';
import { LongpoleError } from '../../shared/errors.ts';

/** `cure` ends the sentence: `expected …`, or asks `Did you mean …?`. */
export function argumentError(matcher: string, value: unknown, cure: string): LongpoleError {
  return new LongpoleError(
    'ERR_LONGPOLE_MATCHER_ARGUMENT',
    `${matcher} received ${show(value)}: ${cure}${cure.endsWith('?') ? '' : '.'}`,
  );
}
