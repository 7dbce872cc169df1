// The error of a backend that cannot start.

/** Stable codes of backend errors; each has a paragraph in `docs/error-codes.md`. */
export type BackendErrorCode =
  | 'ERR_LONGPOLE_BACKEND_OPTION'
  | 'ERR_LONGPOLE_PORT_TAKEN'
  | 'ERR_LONGPOLE_LISTEN';

/** Where a port comes from: the environment variable and the flag that change it. */
export interface PortSource {
  readonly variable: string;
  readonly flag: string;
}

/** The backend cannot start; the message names the value, the cause and the cure. */
export class BackendError extends Error {
  readonly code: BackendErrorCode;
  /** The port that could not be had, with what changes it. */
  readonly port: number | undefined;
  readonly variable: string | undefined;
  readonly flag: string | undefined;

  constructor(code: BackendErrorCode, message: string, port?: number, source?: PortSource, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'BackendError';
    this.code = code;
    this.port = port;
    this.variable = source?.variable;
    this.flag = source?.flag;
  }
}
