// The handles that `startTracing()` returns: of an SDK of our own, of somebody else's, and of none.

import { context, propagation, trace } from '@opentelemetry/api';
import { type Instrumentation, registerInstrumentations } from '@opentelemetry/instrumentation';
import type { NodeSDK } from '@opentelemetry/sdk-node';
import { sharedState } from '../shared/state.ts';
import type { BatchProcessor } from './batch-processor.ts';
import { flushBeforeExit, withDeadline } from './exit.ts';
import type { TracingHandle, TracingStats } from './types.ts';

const NOTHING: Omit<TracingStats, 'faults'> = {
  started: 0,
  ended: 0,
  unsampled: 0,
  exported: 0,
  queued: 0,
  dropped: {},
};

/** Tracing is off: everything resolves and nothing happens. */
export function idleHandle(): TracingHandle {
  return {
    forceFlush: async () => {},
    shutdown: async () => forgetHandle(),
    stats: () => ({ ...NOTHING, faults: sharedState().faults }),
  };
}

/** Our instrumentations on a provider that somebody else registered and looks after. */
export function joinedHandle(instrumentations: Instrumentation[]): TracingHandle {
  const remove = registerInstrumentations({ instrumentations });
  return {
    ...idleHandle(),
    forceFlush: async () => {
      const provider = trace.getTracerProvider() as { forceFlush?: () => Promise<void> };
      await withDeadline(Promise.resolve(provider.forceFlush?.()), 5000);
    },
    shutdown: async () => {
      remove();
      forgetHandle();
    },
  };
}

export interface OwnSdk {
  readonly sdk: NodeSDK;
  readonly instrumentations: readonly Instrumentation[];
  /** `undefined` when the SDK made its own processors from the environment. */
  readonly processor: BatchProcessor | undefined;
  readonly deadlineMs: number;
  readonly url: string | undefined;
}

export function ownHandle({ sdk, instrumentations, processor, deadlineMs, url }: OwnSdk): TracingHandle {
  let ending: Promise<void> | undefined;
  const shutdown = (): Promise<void> => {
    ending ??= end();
    return ending;
  };
  const removeListeners = flushBeforeExit({ processor, shutdown, deadlineMs, url });
  const end = async (): Promise<void> => {
    removeListeners();
    for (const instrumentation of instrumentations) instrumentation.disable();
    await withDeadline(sdk.shutdown(), deadlineMs);
    for (const api of [trace, context, propagation]) api.disable();
    forgetHandle();
  };
  return {
    forceFlush: () => withDeadline(processor?.forceFlush() ?? Promise.resolve(), deadlineMs),
    shutdown,
    stats: () => ({ ...(processor?.stats() ?? NOTHING), faults: sharedState().faults }),
  };
}

function forgetHandle(): void {
  const state = sharedState();
  state.handle = undefined;
  state.ignore.length = 0;
}
