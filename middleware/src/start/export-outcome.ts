// What became of an export: delivered, to be tried again, or refused for good, each with its cause as a short word.

import { type ExportResult, ExportResultCode } from '@opentelemetry/core';

/** An export result with what the official exporters know and do not tell. */
export interface AnsweredResult extends ExportResult {
  /** Spans that an OTLP partial success refuses. */
  readonly rejected?: number;
}

export type Outcome =
  | { readonly kind: 'delivered'; readonly rejected: number }
  /** The backend is away or busy; the spans are worth another try. */
  | { readonly kind: 'retry'; readonly cause: string; readonly retryAfterMs: number | undefined }
  /** The request was too large for the backend. */
  | { readonly kind: 'too_large'; readonly cause: string }
  /** The backend does not want these spans, now or later. */
  | { readonly kind: 'refused'; readonly cause: string };

/** The backend answered that it does not take the request, now or at all (OTLP/HTTP, "Failures"). */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
  /** The status. */
  readonly code: number;
  /** What `Retry-After` asks for, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, retryAfterMs: number | undefined) {
    super(`the backend answered ${status}`);
    this.code = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Nobody listens at the address. */
const NOBODY_THERE = new Set(['ECONNREFUSED', 'EAI_AGAIN', 'ENOTFOUND', 'ENETUNREACH', 'EHOSTUNREACH']);

/** The connection broke. */
const BROKEN = new Set(['ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'timeout']);

const RETRYABLE_STATUS = new Set([429, 502, 503, 504]);
const CONTENT_TOO_LARGE = 413;

export const isRetryableStatus = (status: number): boolean => RETRYABLE_STATUS.has(status);

export const isNobodyThere = (cause: string): boolean => NOBODY_THERE.has(cause);

export function outcomeOf(result: AnsweredResult): Outcome {
  if (result.code === ExportResultCode.SUCCESS) {
    return { kind: 'delivered', rejected: result.rejected ?? 0 };
  }
  const cause = causeOf(result.error);
  const status = statusOf(result.error);
  if (status === CONTENT_TOO_LARGE) return { kind: 'too_large', cause };
  const isRetryable = isNobodyThere(cause) || BROKEN.has(cause) || isRetryableStatus(status ?? 0);
  if (!isRetryable) return { kind: 'refused', cause };
  const retryAfterMs = result.error instanceof AnswerError ? result.error.retryAfterMs : undefined;
  return { kind: 'retry', cause, retryAfterMs };
}

/** `ECONNREFUSED`, `http_400`, `timeout` or `export_failed`. */
function causeOf(error: unknown): string {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === 'number') return `http_${code}`;
  if (typeof code === 'string' && code !== '') return code;
  return /timed out/i.test(String(message ?? '')) ? 'timeout' : 'export_failed';
}

function statusOf(error: unknown): number | undefined {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'number' ? code : undefined;
}
