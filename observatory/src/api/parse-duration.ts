// Durations as Go writes them, which is how Jaeger's query API takes them.

const UNIT_NS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const PART = '(\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)';
const WHOLE = new RegExp(`^\\+?(?:${PART})+$`);
const DAYS = /^(\d{1,6})(d|w)$/;
const MAX_LENGTH = 64;

function partNs(number: string, unit: string): bigint {
  const [whole = '', fraction = ''] = number.split('.');
  const unitNs = UNIT_NS[unit] ?? 0n;
  const scale = 10n ** BigInt(fraction.length);
  return BigInt(whole || '0') * unitNs + (BigInt(fraction || '0') * unitNs) / scale;
}

/** Nanoseconds of `1.2s`, `100ms`, `1h30m` or `0`; `undefined` when the text is no duration or is negative. */
export function parseDurationNs(text: string): bigint | undefined {
  if (text === '0') return 0n;
  if (text.length > MAX_LENGTH || !WHOLE.test(text)) return undefined;
  let total = 0n;
  for (const [, number = '', unit = ''] of text.matchAll(new RegExp(PART, 'g')))
    total += partNs(number, unit);
  return total;
}

/** As {@link parseDurationNs}, and `2d` and `1w` besides, as Jaeger UI offers them for looking back. */
export function parseLookbackNs(text: string): bigint | undefined {
  const [, number = '', unit] = DAYS.exec(text) ?? [];
  if (unit === undefined) return parseDurationNs(text);
  return BigInt(number) * (unit === 'd' ? 24n : 168n) * 3_600_000_000_000n;
}
