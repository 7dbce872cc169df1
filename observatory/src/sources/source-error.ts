// The error of a source of traces: one sentence with its cure, and whether the source itself could not be reached.

/** Stable codes of source errors; each has a paragraph in `docs/error-codes.md`. */
export type SourceErrorCode =
  | 'ERR_LONGPOLE_SOURCE_URL'
  | 'ERR_LONGPOLE_SOURCE_UNREACHABLE'
  | 'ERR_LONGPOLE_SOURCE_ANSWER'
  | 'ERR_LONGPOLE_SOURCE_FORBIDDEN'
  | 'ERR_LONGPOLE_SOURCE_HEADERS'
  | 'ERR_LONGPOLE_SOURCE_TOO_LARGE'
  | 'ERR_LONGPOLE_TRACE_NOT_FOUND'
  | 'ERR_LONGPOLE_NO_TRACES'
  | 'ERR_LONGPOLE_FILE_UNREADABLE'
  | 'ERR_LONGPOLE_FILE_EMPTY'
  | 'ERR_LONGPOLE_FILE_TRUNCATED'
  | 'ERR_LONGPOLE_FILE_FORMAT';

const BEYOND_REACH = new Set<SourceErrorCode>([
  'ERR_LONGPOLE_SOURCE_UNREACHABLE',
  'ERR_LONGPOLE_SOURCE_ANSWER',
  'ERR_LONGPOLE_SOURCE_FORBIDDEN',
]);

/** A trace could not be read; the message names the source, the cause and the cure. */
export class SourceError extends Error {
  readonly code: SourceErrorCode;

  constructor(code: SourceErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'SourceError';
    this.code = code;
  }

  /** Whether the source did not answer as a trace backend: a matter of the network or the address, not of the trace. */
  get isUnreachable(): boolean {
    return BEYOND_REACH.has(this.code);
  }

  /** Whether the source is fine and the trace is not (yet) in it. */
  get isNotFound(): boolean {
    return this.code === 'ERR_LONGPOLE_TRACE_NOT_FOUND' || this.code === 'ERR_LONGPOLE_NO_TRACES';
  }
}
