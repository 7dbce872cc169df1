// One GET for JSON with a deadline and a bound on the bytes of the answer.
import { SourceError } from './source-error.ts';

/** An answer of a backend: `json` is `undefined` when the body is no JSON. */
export interface JsonAnswer {
  readonly status: number;
  readonly json: unknown;
}

export interface FetchLimits {
  /** For the whole answer, milliseconds. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

export const DEFAULT_LIMITS: FetchLimits = { timeoutMs: 15_000, maxBytes: 256 * 1024 * 1024 };

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its name is unknown',
  EAI_AGAIN: 'its name could not be looked up',
  ECONNRESET: 'it closed the connection',
  UND_ERR_SOCKET: 'it closed the connection',
  UND_ERR_CONNECT_TIMEOUT: 'it did not accept the connection in time',
};

/** What is read of a thrown value, wherever it was made: `fetch` hides the reason in the cause of the cause. */
interface Failure {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

const DEEPEST = 10;

function failuresOf(error: unknown): Failure[] {
  const failures: Failure[] = [];
  const open: unknown[] = [error];
  while (open.length > 0 && failures.length < DEEPEST) {
    const one = open.shift();
    if (typeof one !== 'object' || one === null) continue;
    const failure: Failure = one;
    failures.push(failure);
    open.push(failure.cause, ...(Array.isArray(failure.errors) ? failure.errors : []));
  }
  return failures;
}

/** Why a request failed, in words. */
function reasonOf(error: unknown, timeoutMs: number): string {
  const failures = failuresOf(error);
  if (failures.some(({ name }) => name === 'TimeoutError')) return `no answer within ${timeoutMs / 1000} s`;
  const known = failures.find(({ code }) => typeof code === 'string' && code in REASONS);
  if (known !== undefined) return REASONS[String(known.code)] as string;
  return String(failures.findLast(({ message }) => typeof message === 'string')?.message ?? error);
}

async function readBounded(answer: Response, name: string, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      const limit = `${Math.floor(maxBytes / 1024 / 1024)} MiB`;
      throw new SourceError(
        'ERR_LONGPOLE_SOURCE_TOO_LARGE',
        `The answer of ${name} is larger than ${limit}.`,
      );
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function parseOrNothing(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * The answer to `GET url`. `name` is what the source is called in errors.
 * @throws SourceError `ERR_LONGPOLE_SOURCE_UNREACHABLE` when there is none in time, `…_TOO_LARGE` when it is too long.
 */
export async function fetchJson(
  url: URL,
  name: string,
  headers: Readonly<Record<string, string>>,
  limits: FetchLimits,
): Promise<JsonAnswer> {
  try {
    const signal = AbortSignal.timeout(limits.timeoutMs);
    const answer = await fetch(url, { headers: { accept: 'application/json', ...headers }, signal });
    const json = parseOrNothing(await readBounded(answer, name, limits.maxBytes));
    return { status: answer.status, json };
  } catch (error) {
    if (error instanceof SourceError) throw error;
    const reason = reasonOf(error, limits.timeoutMs);
    const text = `${name} cannot be reached: ${reason}. Start a backend (longpole up), or name another source.`;
    throw new SourceError('ERR_LONGPOLE_SOURCE_UNREACHABLE', text, error);
  }
}
