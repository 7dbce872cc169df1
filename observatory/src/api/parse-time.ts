// Points in time as the query API takes them.

const RFC3339 = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?([Zz]|[+ -]\d\d:\d\d)$/;
const INTEGER = /^-?\d{1,19}$/;

function isOnCalendar(date: string): boolean {
  const day = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
}

/** Nanoseconds since the Unix epoch of an RFC 3339 time; `undefined` when the text is none. */
export function parseRfc3339Ns(text: string): bigint | undefined {
  const [, date = '', time = '', fraction = '', zone = ''] = RFC3339.exec(text) ?? [];
  if (date === '' || !isOnCalendar(date)) return undefined;
  // A plus sign that was not percent-encoded arrives as a space.
  const ms = Date.parse(`${date}T${time}${zone.replace(' ', '+').toUpperCase()}`);
  return Number.isNaN(ms) ? undefined : BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

/** A whole number of `unitNs`, in nanoseconds; `undefined` when the text is no whole number. */
export function parseUnitsNs(text: string, unitNs: bigint): bigint | undefined {
  return INTEGER.test(text) ? BigInt(text) * unitNs : undefined;
}
