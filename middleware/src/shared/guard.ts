// Keeps errors of tracing itself away from the application and counts them.

import { diag } from '@opentelemetry/api';
import { sharedState } from './state.ts';

const reported = new Set<string>();

/** Counts an error of tracing itself; tells `diag` about the first one of each kind. */
export function reportFault(where: string, error: unknown): void {
  sharedState().faults += 1;
  if (reported.has(where)) return;
  reported.add(where);
  try {
    diag.error(`longpole: ${where} failed; the request was not affected`, error);
  } catch {
    // The application's own diagnostic logger has failed, so there is nobody left to tell; the fault is counted.
    sharedState().faults += 1;
  }
}

/** Wraps a listener so that nothing it throws reaches the publisher. */
export function guarded<A extends unknown[]>(
  where: string,
  listener: (...args: A) => void,
): (...args: A) => void {
  return (...args) => {
    try {
      listener(...args);
    } catch (error) {
      reportFault(where, error);
    }
  };
}
