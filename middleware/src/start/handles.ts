// The handles that `startTracing()` returns: of an SDK of our own, of somebody else's, and of none.

import { context, metrics, propagation, trace } from '@opentelemetry/api';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import { type SpanShaper, withShaping } from '../shaping/index.ts';
import { sharedState } from '../shared/state.ts';
import { within } from '../shared/within.ts';
import { flushBeforeExit } from './exit.ts';
import { processCounts } from './process-counts.ts';
import { givenUp, type Route, sendNow } from './routes.ts';
import type { Sdk } from './sdk.ts';
import type { SpanCounts, TracingHandle } from './types.ts';

const NOTHING: SpanCounts = {
  started: 0,
  ended: 0,
  unsampled: 0,
  exported: 0,
  queued: 0,
  dropped: {},
};

/** What closing may take beyond the deadline of flushing. */
const CLOSING_MS = 500;

/** Tracing is off: everything resolves and nothing happens. */
export function idleHandle(): TracingHandle {
  const handle: TracingHandle = {
    forceFlush: async () => {},
    shutdown: async () => forget(handle),
    stats: () => ({ ...NOTHING, ...processCounts() }),
  };
  return handle;
}

/** Our instrumentations on a provider that somebody else registered and looks after. */
export function joinedHandle(
  instrumentations: Instrumentation[],
  deadlineMs: number,
  onEnd: () => void,
): TracingHandle {
  for (const instrumentation of instrumentations) {
    instrumentation.setTracerProvider(trace.getTracerProvider());
    if (!instrumentation.getConfig().enabled) instrumentation.enable();
  }
  const handle: TracingHandle = {
    forceFlush: () => within(deadlineMs, flushGlobalProvider()),
    shutdown: async () => {
      await handle.forceFlush();
      for (const instrumentation of instrumentations) instrumentation.disable();
      onEnd();
      forget(handle);
    },
    stats: () => ({ ...NOTHING, ...processCounts() }),
  };
  return handle;
}

export interface OwnSdk {
  readonly sdk: Sdk;
  readonly instrumentations: readonly Instrumentation[];
  /** `undefined` when the SDK made its own processors from the environment. */
  readonly routes: readonly Route[] | undefined;
  /** `undefined` where there are no processors of ours behind it. */
  readonly shaper: SpanShaper | undefined;
  readonly deadlineMs: number;
  /** Whether it is known that the backend takes no spans now. */
  readonly isBackendAway: () => boolean;
  /** Called with the number of spans that were lost at the end although the backend was not known to be away. */
  readonly onLost: (count: number) => void;
  /** Called when all has ended. */
  readonly onEnd: () => void;
}

export function ownHandle(own: OwnSdk): TracingHandle {
  const { sdk, instrumentations, routes, shaper, deadlineMs, isBackendAway, onLost, onEnd } = own;
  let ending: Promise<void> | undefined;
  const tell = (lost: number): void => {
    // That the backend is away has been said.
    if (lost > 0 && !isBackendAway()) onLost(lost);
  };
  const flush = async (): Promise<void> => {
    shaper?.releaseHeld();
    if (routes === undefined) await within(deadlineMs, flushGlobalProvider());
    else await Promise.all(routes.map(({ processor }) => processor.forceFlush(deadlineMs)));
  };
  const end = async (): Promise<void> => {
    listeners.ignoreSignals();
    for (const instrumentation of instrumentations) instrumentation.disable();
    const before = lostBy(routes);
    // Our processors keep the deadline by themselves and close their books after it.
    await within(routes === undefined ? deadlineMs : deadlineMs + CLOSING_MS, sdk.shutdown());
    tell(lostBy(routes) - before);
    listeners.ignoreExit();
    // The testing kit may have taken over meanwhile.
    if (sharedState().handle === handle)
      for (const api of [trace, context, propagation, metrics]) api.disable();
    onEnd();
    forget(handle);
  };
  const handle: TracingHandle = {
    forceFlush: flush,
    shutdown: () => {
      ending ??= end();
      return ending;
    },
    stats: () => ({ ...spanCounts(routes, shaper), ...processCounts() }),
  };
  const listeners = flushBeforeExit({
    flush,
    shutdown: handle.shutdown,
    isWorthFlushing: routes === undefined ? onceTrue() : () => !isBackendAway() && isWaiting(routes, shaper),
    sendNow: () => {
      shaper?.releaseHeld();
      tell((routes ?? []).reduce((lost, route) => lost + sendNow(route, deadlineMs), 0));
    },
  });
  return handle;
}

function isWaiting(routes: readonly Route[], shaper: SpanShaper | undefined): boolean {
  return (shaper?.counts().held ?? 0) > 0 || routes.some(({ processor }) => processor.stats().queued > 0);
}

function lostBy(routes: readonly Route[] = []): number {
  return routes.reduce((sum, route) => sum + givenUp(route), 0);
}

function spanCounts(routes: readonly Route[] | undefined, shaper: SpanShaper | undefined): SpanCounts {
  const counts = routes?.[0]?.processor.stats() ?? NOTHING;
  return shaper === undefined ? counts : withShaping(counts, shaper.counts());
}

/** The SDK's own processors do not tell what they have queued, so they are flushed once. */
function onceTrue(): () => boolean {
  let asked = 0;
  return () => {
    asked += 1;
    return asked === 1;
  };
}

async function flushGlobalProvider(): Promise<void> {
  const proxy = trace.getTracerProvider() as { getDelegate?: () => object };
  const provider = (proxy.getDelegate?.() ?? proxy) as { forceFlush?: () => Promise<void> };
  await provider.forceFlush?.();
}

function forget(handle: TracingHandle): void {
  const state = sharedState();
  if (state.handle === handle) state.handle = undefined;
}
