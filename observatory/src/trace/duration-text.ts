// Durations and shares as people read them.

const NS_PER_US = 1_000n;
const NS_PER_MS = 1_000_000n;

/** A whole number with its thousands apart: `12 345`. */
export function groupedText(integer: bigint | number): string {
  return String(integer).replace(/\B(?=(\d{3})+$)/g, ' ');
}

function scaled(ns: bigint, unitNs: bigint, unit: string): string {
  const tenths = (ns * 10n + unitNs / 2n) / unitNs;
  if (tenths >= 100n) return `${groupedText((ns + unitNs / 2n) / unitNs)} ${unit}`;
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

/** A share from 0 to 1 in whole percent: `83 %`; `<1 %` is more than nothing, `>99 %` less than all. */
export function percentText(share: number): string {
  const percent = Math.round(share * 100);
  if (percent === 0 && share > 0) return '<1 %';
  return percent === 100 && share < 1 ? '>99 %' : `${percent} %`;
}

/** A count with its noun: `1 span`, `1 024 spans`. */
export function countText(count: number, noun: string): string {
  return `${groupedText(count)} ${noun}${count === 1 ? '' : 's'}`;
}
