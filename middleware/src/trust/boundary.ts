// What the options of this process say about whom to trust and whom to tell, put together.

import { isArrayOf, isString } from '../options/checks.ts';
import type { Check } from '../options/parse-options.ts';
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
   * address in `X-Forwarded-For`, `Forwarded` and `X-Real-IP`, is private. Where several are given, all must trust.
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
};

export const BOUNDARY_CHECKS: Record<keyof BoundaryOptions, Check> = {
  trustInbound: isTrustInbound,
  propagateTo: isPropagateTo,
  baggage: isArrayOf(isString),
};

/** Adds options for the whole process; the function that is returned takes them away again. */
export function registerBoundary(options: BoundaryEntry): () => void {
  const { trustInbound, propagateTo, baggage, trustVariable } = options;
  const entry = { trustInbound, propagateTo, baggage, trustVariable };
  if (Object.values(entry).every((value) => value === undefined)) return () => {};
  const state = sharedState();
  state.boundaries = [...state.boundaries, entry];
  warnInStockMode([entry]);
  return () => {
    state.boundaries = state.boundaries.filter((each) => each !== entry);
  };
}

interface Boundary {
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
