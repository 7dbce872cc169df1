// Table of contents: every check of the doctor, in the order of `docs/findings.md`.
import type { CheckKind } from '../check.ts';
import { brokenPropagation } from './broken-propagation.ts';
import { clockSkew } from './clock-skew.ts';
import { errorStorm } from './error-storm.ts';
import { highCardinalityName } from './high-cardinality-name.ts';
import { lostJob } from './lost-job.ts';
import { missingAttributes } from './missing-attributes.ts';
import { missingRoute } from './missing-route.ts';
import { nPlusOne } from './n-plus-one.ts';
import { noise } from './noise.ts';
import { retryStorm } from './retry-storm.ts';
import { samplingLosesErrors } from './sampling-loses-errors.ts';
import { secretInAttribute } from './secret-in-attribute.ts';
import { sequentialCalls } from './sequential-calls.ts';
import { severalRoots } from './several-roots.ts';
import { swallowedError } from './swallowed-error.ts';
import { unfinishedSpan } from './unfinished-span.ts';
import { workAfterResponse } from './work-after-response.ts';

export const CHECKS: readonly CheckKind[] = [
  brokenPropagation,
  severalRoots,
  clockSkew,
  swallowedError,
  errorStorm,
  noise,
  nPlusOne,
  sequentialCalls,
  retryStorm,
  missingAttributes,
  missingRoute,
  highCardinalityName,
  secretInAttribute,
  lostJob,
  workAfterResponse,
  unfinishedSpan,
  samplingLosesErrors,
];
