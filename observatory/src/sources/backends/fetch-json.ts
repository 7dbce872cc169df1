// One GET for JSON with a deadline and a bound on the bytes of the answer.
import { SourceError } from '../source-error.ts';
import { reasonOf } from './failure-reason.ts';

/** An answer of a backend. */
export interface JsonAnswer {
  readonly status: number;
  /** `undefined` when the body is no JSON. */
  readonly json: unknown;
  /** The first line of a body that is no JSON. */
  readonly text: string;
  readonly isWebPage: boolean;
  /** Where redirects led to, when it is another host or path. */
  readonly redirectedTo: string | undefined;
}

export interface FetchLimits {
  /** For the whole answer, milliseconds. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

export const DEFAULT_LIMITS: FetchLimits = { timeoutMs: 15_000, maxBytes: 256 * 1024 * 1024 };

const LONGEST_LINE = 200;

async function readBounded(answer: Response, name: string, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      const limit = `${Math.floor(maxBytes / 1024 / 1024)} MiB`;
      const problem = `The answer of ${name} is larger than ${limit}; ask for fewer traces.`;
      throw new SourceError('ERR_LONGPOLE_SOURCE_TOO_LARGE', problem);
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

function firstLine(text: string): string {
  return (text.trim().split('\n')[0] ?? '').trim().slice(0, LONGEST_LINE);
}

function toAnswer(url: URL, answer: Response, body: string): JsonAnswer {
  const json = parseOrNothing(body);
  const end = new URL(answer.url || url);
  return {
    status: answer.status,
    json,
    text: json === undefined ? firstLine(body) : '',
    isWebPage: json === undefined && /^\s*</.test(body),
    redirectedTo: answer.redirected ? `${end.origin}${end.pathname}` : undefined,
  };
}

/**
 * The answer to `GET url`, redirects followed. `name` is what the source is called in errors.
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
    return toAnswer(url, answer, await readBounded(answer, name, limits.maxBytes));
  } catch (error) {
    if (error instanceof SourceError) throw error;
    const [reason, cure] = reasonOf(error, limits.timeoutMs);
    const advice = cure.charAt(0).toUpperCase() + cure.slice(1);
    const text = `${name} cannot be reached: ${reason}. ${advice}.`;
    throw new SourceError('ERR_LONGPOLE_SOURCE_UNREACHABLE', text, error);
  }
}
