// Durations and shares as people read them.

const NS_PER_US = 1_000n;
const NS_PER_MS = 1_000_000n;

function grouped(integer: string): string {
  return integer.replace(/\B(?=(\d{3})+$)/g, ' ');
}

function scaled(ns: bigint, unitNs: bigint, unit: string): string {
  const tenths = (ns * 10n + unitNs / 2n) / unitNs;
  if (tenths >= 100n) return `${grouped(String((ns + unitNs / 2n) / unitNs))} ${unit}`;
  return `${tenths / 10n}${tenths % 10n === 0n ? '' : `.${tenths % 10n}`} ${unit}`;
}

/**
 * A duration in the unit that suits it: `2 500 ms` (thousands apart, no decimals from 10 ms on), `3.4 ms`,
 * `812 µs`, `40 ns`. A negative one has a minus sign.
 */
export function durationText(ns: bigint): string {
  if (ns < 0n) return `-${durationText(-ns)}`;
  if (ns >= NS_PER_MS) return scaled(ns, NS_PER_MS, 'ms');
  if (ns >= NS_PER_US) return scaled(ns, NS_PER_US, 'µs');
  return `${ns} ns`;
}

/** A share from 0 to 1 in whole percent: `83 %`, and `<1 %` for what is more than nothing. */
export function percentText(share: number): string {
  const percent = Math.round(share * 100);
  return percent === 0 && share > 0 ? '<1 %' : `${percent} %`;
}

/** A count with its noun: `1 span`, `1 024 spans`. */
export function countText(count: number, noun: string): string {
  return `${grouped(String(count))} ${noun}${count === 1 ? '' : 's'}`;
}
