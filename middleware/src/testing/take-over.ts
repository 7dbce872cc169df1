// Makes room for the tracing of a test, or says why there is none.

import { context, propagation, trace } from '@opentelemetry/api';
import { LongpoleError } from '../shared/errors.ts';
import { sharedState } from '../shared/state.ts';
import { instrumentationKind } from '../start/environment.ts';
import { hasTracerProvider } from '../start/other-tracers.ts';

/**
 * Ends the tracing that `startTracing()` has begun in this process, for good. The promise settles when it has let go of
 * everything, which after that call needs no turn of its own.
 *
 * @throws LongpoleError `ERR_LONGPOLE_CAPTURE_CONFLICT` where capturing cannot begin
 */
export function takeOver(): Promise<void> {
  const { watcher, handle, instrumentation } = sharedState();
  if (watcher !== undefined) {
    refuse(
      'captureTraces() runs in this process already: use the traces that the first call has returned, or await their stop() before the next',
    );
  }
  if (instrumentation === 'stock' || instrumentationKind(undefined) === 'stock') {
    refuse(
      'tests cannot capture with the stock instrumentations, which do not work in test runners: unset LONGPOLE_INSTRUMENTATION and do not start with instrumentation: ‘stock’ in tests; the traces are the same',
    );
  }
  const ending = instrumentation === undefined ? undefined : handle?.shutdown();
  if (ending === undefined && hasTracerProvider()) {
    refuse(
      'an OpenTelemetry SDK is registered in this process already, and spans can go to one only: do not load the file that starts it in tests',
    );
  }
  // Its own shutdown leaves them alone once it is not the one that traces any more.
  for (const api of [trace, context, propagation]) api.disable();
  return ending ?? Promise.resolve();
}

function refuse(reason: string): never {
  throw new LongpoleError('ERR_LONGPOLE_CAPTURE_CONFLICT', `captureTraces() cannot begin: ${reason}.`);
}
