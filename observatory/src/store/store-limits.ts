// How much the store keeps.
import { StoreError } from './store-error.ts';

export interface StoreLimits {
  /** Traces at most; past it, the trace that has been quiet longest goes. Defaults to 100 000. */
  readonly maxTraces: number;
  /** Bytes at most, in memory or in the file, roughly. Defaults to 1 GiB, at least 1 MiB. */
  readonly maxBytes: number;
  /** Spans that one trace may have; further ones are refused. Defaults to 250 000. */
  readonly maxSpansPerTrace: number;
}

const MIB = 1024 * 1024;

const DEFAULT_LIMITS: StoreLimits = {
  maxTraces: 100_000,
  maxBytes: 1024 * MIB,
  maxSpansPerTrace: 250_000,
};

/** The share of the store that one trace may take, so that a runaway trace cannot evict all others. */
const TRACE_SHARE = 4;

/** Bytes that one trace may take. */
export function maxTraceBytes(limits: StoreLimits): number {
  return Math.floor(limits.maxBytes / TRACE_SHARE);
}

function check(name: keyof StoreLimits, value: number, min: number): void {
  if (Number.isSafeInteger(value) && value >= min) return;
  throw new StoreError(
    'ERR_LONGPOLE_STORE_OPTION',
    `${name} is ${value}: it must be a whole number of at least ${min}.`,
  );
}

/** Fills in the defaults; throws `ERR_LONGPOLE_STORE_OPTION` on a limit that makes no sense. */
export function parseLimits(given: Partial<StoreLimits>): StoreLimits {
  const limits = { ...DEFAULT_LIMITS, ...given };
  check('maxTraces', limits.maxTraces, 1);
  check('maxBytes', limits.maxBytes, MIB);
  check('maxSpansPerTrace', limits.maxSpansPerTrace, 1);
  return limits;
}
