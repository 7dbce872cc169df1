// Nanoseconds are bigint, milliseconds are number: the crossings between the two, and comparisons.

/** Milliseconds of a duration or offset, with its fraction: the nearest number, so that up to 2^53 ns at most six decimals are printed. */
export function nsToMs(ns: bigint): number {
  return Number(ns) / 1e6;
}

/** Whole nanoseconds of milliseconds. */
export function msToNs(ms: number): bigint {
  return BigInt(Math.round(ms * 1e6));
}

export function minNs(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

export function maxNs(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/** For `sort`: the smaller time first. */
export function compareNs(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `part / whole` as a number from 0 to 1; 0 when the whole is 0. */
export function shareOf(part: bigint, whole: bigint): number {
  return whole === 0n ? 0 : Number(part) / Number(whole);
}
