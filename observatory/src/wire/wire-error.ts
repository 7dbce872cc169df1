// The error of a body that does not have the shape its format promises.

/** Stable codes of wire errors; each has a paragraph in `docs/error-codes.md`. */
export type WireErrorCode =
  | 'ERR_LONGPOLE_WIRE_TYPE'
  | 'ERR_LONGPOLE_WIRE_ID'
  | 'ERR_LONGPOLE_WIRE_NUMBER'
  | 'ERR_LONGPOLE_WIRE_ENUM'
  | 'ERR_LONGPOLE_WIRE_BYTES'
  | 'ERR_LONGPOLE_WIRE_DEPTH';

/**
 * A value of a trace body is not what its format allows. `path` leads to it
 * (`resourceSpans[0].scopeSpans[0].spans[3].traceId`), `problem` says what is wrong and what is expected.
 */
export class WireError extends Error {
  readonly code: WireErrorCode;
  readonly path: string;
  readonly problem: string;

  constructor(code: WireErrorCode, path: string, problem: string) {
    super(path === '' ? problem : `${path}: ${problem}`);
    this.name = 'WireError';
    this.code = code;
    this.path = path;
    this.problem = problem;
  }
}

/** The same error seen from one level further out; anything that is no `WireError` is returned as it is. */
export function within(outer: string, error: unknown): unknown {
  if (!(error instanceof WireError)) return error;
  const joint = error.path === '' || error.path.startsWith('[') ? '' : '.';
  return new WireError(error.code, `${outer}${joint}${error.path}`, error.problem);
}

/** A short, single-line picture of a bad value for an error message. */
export function showValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
