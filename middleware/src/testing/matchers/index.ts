// Table of contents of the matchers, as `expect.extend()` takes them.

import { toHaveError, toHaveNoErrors } from './errors.ts';
import { toBeOneTrace } from './to-be-one-trace.ts';
import { toHaveAttributes } from './to-have-attributes.ts';
import { toHaveBottleneck } from './to-have-bottleneck.ts';
import { toHaveCalledInOrder } from './to-have-called-in-order.ts';
import { toHaveCalledInParallel } from './to-have-called-in-parallel.ts';
import { toHaveNoFindings } from './to-have-no-findings.ts';
import { toHaveServices } from './to-have-services.ts';
import { toHaveSpan } from './to-have-span.ts';
import { toMatchTraceSnapshot } from './to-match-trace-snapshot.ts';
import { toStayWithinBudget } from './to-stay-within-budget.ts';

export interface Matchers {
  readonly toBeOneTrace: typeof toBeOneTrace;
  readonly toHaveSpan: typeof toHaveSpan;
  readonly toHaveServices: typeof toHaveServices;
  readonly toHaveAttributes: typeof toHaveAttributes;
  readonly toHaveNoErrors: typeof toHaveNoErrors;
  readonly toHaveError: typeof toHaveError;
  readonly toHaveCalledInOrder: typeof toHaveCalledInOrder;
  readonly toHaveCalledInParallel: typeof toHaveCalledInParallel;
  readonly toHaveNoFindings: typeof toHaveNoFindings;
  readonly toHaveBottleneck: typeof toHaveBottleneck;
  readonly toStayWithinBudget: typeof toStayWithinBudget;
  readonly toMatchTraceSnapshot: typeof toMatchTraceSnapshot;
}

/** Each takes a captured trace and returns `{ pass, message }`. `captureTraces()` extends `expect` with them. */
export const matchers: Matchers = {
  toBeOneTrace,
  toHaveSpan,
  toHaveServices,
  toHaveAttributes,
  toHaveNoErrors,
  toHaveError,
  toHaveCalledInOrder,
  toHaveCalledInParallel,
  toHaveNoFindings,
  toHaveBottleneck,
  toStayWithinBudget,
  toMatchTraceSnapshot,
};
