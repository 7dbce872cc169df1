// Tells which values can be attributes of a span.

/** What is wrong with a value as an attribute; `undefined` when it is a string, a finite number, a boolean, or an array of one of these. */
export function valueComplaint(value: unknown): string | undefined {
  if (!Array.isArray(value)) return isScalar(value) ? undefined : `${describe(value)}; ${EXPECTED}`;
  const items = value.filter((item) => item !== null && item !== undefined);
  const wrong = items.find((item) => !isScalar(item));
  if (wrong !== undefined) return `an array with ${describe(wrong)} in it; ${EXPECTED}`;
  return items.some((item) => typeof item !== typeof items[0])
    ? `an array of values of different types; ${EXPECTED}`
    : undefined;
}

/** Whether it is something to wait for. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as Thenable).then === 'function';
}

interface Thenable {
  readonly then?: unknown;
}

const EXPECTED =
  'an attribute is a string, a finite number, a boolean or an array of one of these (convert it in the getter, e.g. with String())';

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

function describe(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return `a ${typeof value}`;
  const className = value.constructor?.name;
  return typeof className === 'string' && className !== '' && className !== 'Object'
    ? `an object of class ${className}`
    : 'an object';
}
