// Why an export failed, as a short stable word, and whether the spans are worth another try.

const AWAY = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'EAI_AGAIN',
  'ENOTFOUND',
  'ENETUNREACH',
  'EHOSTUNREACH',
]);

/** The statuses that OTLP/HTTP calls retryable. */
const RETRYABLE_STATUS = new Set([429, 502, 503, 504]);

/** `ECONNREFUSED`, `http_400`, `timeout`, `unavailable` or `export_failed`. */
export function causeOf(error: unknown): string {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === 'number') return `http_${code}`;
  if (typeof code === 'string') return code;
  const text = String(message ?? '');
  if (/timed out/i.test(text)) return 'timeout';
  return /retryable status/.test(text) ? 'unavailable' : 'export_failed';
}

/** True when the backend is away for now; false when it has refused these spans for good. */
export function isWorthKeeping(error: unknown): boolean {
  const cause = causeOf(error);
  if (cause === 'timeout' || cause === 'unavailable' || AWAY.has(cause)) return true;
  return RETRYABLE_STATUS.has(Number(cause.replace('http_', '')));
}
