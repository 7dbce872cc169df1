// What the options of this process say about whom to trust and whom to tell, put together.

import { isArrayOf, isString } from '../options/checks.ts';
import type { Check } from '../options/parse-options.ts';
import type { AppToken } from '../shared/apps.ts';
import { sharedState } from '../shared/state.ts';
import {
  type HostRule,
  holdsTraceIdBack,
  hostsOf,
  hostTest,
  isPropagateTo,
  type PropagateTo,
} from './propagate-to.ts';
import { warnInStockMode } from './stock-mode.ts';
import {
  isTrustInbound,
  type TrustInbound,
  type TrustTest,
  type TrustWord,
  trustTest,
} from './trust-inbound.ts';

/** What `tracing()` and `startTracing()` take. */
export interface BoundaryOptions {
  /**
   * Whose trace context is continued. An untrusted caller's request begins a trace of its own with a link to the
   * caller's; its sampling decision, tracestate and baggage are dropped. `'private'`: callers whose socket, and every
   * address in `X-Forwarded-For`, `Forwarded` and `X-Real-IP`, is private. Of `tracing()` it holds for its application, of `startTracing()`
   * for all; where both say something, or the application cannot be told, all must trust.
   * The variable `LONGPOLE_TRUST_INBOUND` wins over a word, a function over the variable. Defaults to `'private'`.
   */
  readonly trustInbound?: TrustInbound;
  /** Hosts that `baggage` and `tracestate` are sent to beside private ones. Defaults to none. */
  readonly propagateTo?: PropagateTo;
  /** Keys of incoming baggage that are kept. Defaults to all of trusted callers. */
  readonly baggage?: readonly string[];
}

/** One set of options as it is kept for the whole process. */
export type BoundaryEntry = {
  readonly [Option in keyof BoundaryOptions]: BoundaryOptions[Option] | undefined;
} & {
  /** `LONGPOLE_TRUST_INBOUND`. */
  readonly trustVariable?: TrustWord | undefined;
  /** The `tracing()` that it is of; `undefined` where it holds for the whole process. */
  readonly app?: AppToken | undefined;
};

export const BOUNDARY_CHECKS: Record<keyof BoundaryOptions, Check> = {
  trustInbound: isTrustInbound,
  propagateTo: isPropagateTo,
  baggage: isArrayOf(isString),
};

/** Adds options for the whole process; the function that is returned takes them away again. */
export function registerBoundary(options: BoundaryEntry): () => void {
  const { trustInbound, propagateTo, baggage, trustVariable, app } = options;
  const settings = { trustInbound, propagateTo, baggage, trustVariable };
  if (Object.values(settings).every((value) => value === undefined)) return () => {};
  const entry = { ...settings, app };
  const state = sharedState();
  state.boundaries = [...state.boundaries, entry];
  warnInStockMode([entry]);
  return () => {
    state.boundaries = state.boundaries.filter((each) => each !== entry);
  };
}

/** The application has got a request that was not seen to be its own: its options hold for the whole process from now on. */
export function holdEverywhere(app: AppToken): void {
  const state = sharedState();
  if (state.boundaries.every((entry) => entry.app !== app)) return;
  state.boundaries = state.boundaries.map((entry) =>
    entry.app === app ? { ...entry, app: undefined } : entry,
  );
}

export interface Boundary {
  readonly trusts: TrustTest;
  /** Whether a host may hear baggage and tracestate. */
  readonly mayHearAll: (host: string) => boolean;
  readonly holdsTraceIdBack: boolean;
  /** `undefined`: all. */
  readonly baggageKeys: ReadonlySet<string> | undefined;
}

let current: Boundary | undefined;
let currentEntries: readonly BoundaryEntry[] | undefined;

/** What holds now. */
export function boundary(): Boundary {
  const { boundaries } = sharedState();
  if (current === undefined || boundaries !== currentEntries) {
    current = combine(boundaries);
    currentEntries = boundaries;
  }
  return current;
}

const ofApps = new WeakMap<readonly AppToken[], { boundary: Boundary; entries: readonly BoundaryEntry[] }>();

/** What holds for a request to these applications: what the process says, and what they say themselves. */
export function boundaryOf(apps: readonly AppToken[] | undefined): Boundary {
  if (apps === undefined) return boundary();
  const { boundaries: entries } = sharedState();
  const known = ofApps.get(apps);
  if (known?.entries === entries) return known.boundary;
  const own = combine(entries.filter(({ app }) => app === undefined || apps.includes(app)));
  ofApps.set(apps, { boundary: own, entries });
  return own;
}

function combine(entries: readonly BoundaryEntry[]): Boundary {
  const propagateTo = entries.flatMap(({ propagateTo: setting }) => (setting === undefined ? [] : [setting]));
  const keys = entries.flatMap(({ baggage }) => (baggage === undefined ? [] : [baggage]));
  return {
    trusts: trustTest(trustSettings(entries)),
    mayHearAll: hostTest(propagateTo.flatMap<HostRule>(hostsOf)),
    holdsTraceIdBack: propagateTo.some(holdsTraceIdBack),
    baggageKeys: keys.length === 0 ? undefined : new Set(keys.flat()),
  };
}

/** The variable replaces the words in code; functions replace the variable. */
function trustSettings(entries: readonly BoundaryEntry[]): TrustInbound[] {
  const inCode = entries.flatMap(({ trustInbound }) => (trustInbound === undefined ? [] : [trustInbound]));
  const variable = entries.find(({ trustVariable }) => trustVariable !== undefined)?.trustVariable;
  if (variable === undefined) return inCode;
  const functions = inCode.filter((setting) => typeof setting === 'function');
  return functions.length === 0 ? [variable] : functions;
}
