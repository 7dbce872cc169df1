// The error that a request to the query API is answered with.

/** A request that cannot be answered: `status` is the HTTP status, the message is for the person who asked. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
  }
}

/** What of a thrown value a client may see: its own mistakes as they are, anything else without details. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const { status, message, code } = error as { status?: unknown; message?: string; code?: string };
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new ApiError(status, message ?? 'bad request');
  }
  const isClosing = code === 'ERR_LONGPOLE_STORE_CLOSED';
  if (isClosing) return new ApiError(503, 'the backend is shutting down');
  return new ApiError(500, `the trace store failed: ${message ?? String(error)}`);
}
