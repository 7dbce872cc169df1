// Asks one backend, and turns the answers that every backend gives alike into errors.

import { isObject } from '../../wire/read-json.ts';
import { WireError } from '../../wire/wire-error.ts';
import type { DecodedJson } from '../decode-json.ts';
import { decodeJson } from '../decode-json.ts';
import { SourceError } from '../source-error.ts';
import type { SourceUrl } from '../source-url.ts';
import { DEFAULT_LIMITS, type FetchLimits, fetchJson, type JsonAnswer } from './fetch-json.ts';

const CREDENTIALS = new Set([401, 403]);
const NOTHING: DecodedJson = { format: '', spans: [], invalid: 0 };

/** What went wrong according to the backend: Jaeger v3 has `error.message`, its first API `errors[].msg`, others text. */
function complaintOf({ json, text, isWebPage }: JsonAnswer): string {
  if (isWebPage) return 'a web page';
  if (!isObject(json)) return text;
  const { error, errors, message } = json as {
    error?: { message?: unknown } | string;
    errors?: { msg?: unknown }[];
    message?: unknown;
  };
  const inner = typeof error === 'string' ? error : error?.message;
  return String(inner ?? errors?.[0]?.msg ?? message ?? '');
}

/** `status 200, a web page, redirected to https://login.example`, for errors. */
export function describeAnswer(answer: JsonAnswer): string {
  const { status, isWebPage, redirectedTo } = answer;
  const parts = [`status ${status}`, isWebPage ? 'a web page' : ''];
  if (redirectedTo !== undefined) parts.push(`redirected to ${redirectedTo}`);
  return parts.filter((part) => part !== '').join(', ');
}

export class HttpClient {
  readonly name: string;
  readonly #url: SourceUrl;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #limits: FetchLimits;

  constructor(
    url: SourceUrl,
    headers: Readonly<Record<string, string>> = {},
    limits: FetchLimits = DEFAULT_LIMITS,
  ) {
    this.name = url.name;
    this.#url = url;
    this.#headers = { ...url.headers, ...headers };
    this.#limits = limits;
  }

  /**
   * The answer to a path below the base.
   * @throws SourceError when there is none, credentials are wanted, or a server before the backend answers for it.
   */
  async get(path: string): Promise<JsonAnswer> {
    const answer = await fetchJson(new URL(path, this.#url.base), this.name, this.#headers, this.#limits);
    if (CREDENTIALS.has(answer.status)) throw this.#forbidden(answer);
    if (answer.status >= 500 && answer.json === undefined) throw this.refused(answer);
    return answer;
  }

  #forbidden(answer: JsonAnswer): SourceError {
    const reason = complaintOf(answer);
    const said = reason === '' ? '' : ` (${reason})`;
    const cure = 'give a user and password in the URL, or headers in LONGPOLE_SOURCE_HEADERS';
    const text = `${this.name} answered ${answer.status}${said}: it wants other credentials; ${cure}.`;
    return new SourceError('ERR_LONGPOLE_SOURCE_FORBIDDEN', text);
  }

  /** The error of an answer that says that something is wrong. */
  refused(answer: JsonAnswer): SourceError {
    const isGateway = answer.isWebPage && answer.status >= 502 && answer.status <= 504;
    const reason = isGateway
      ? 'a web page, perhaps of a proxy; the backend behind it may be down'
      : complaintOf(answer) || 'no reason given';
    const text = `${this.name} answered ${answer.status}: ${reason.replace(/\.$/, '')}.`;
    return new SourceError('ERR_LONGPOLE_SOURCE_ANSWER', text);
  }

  /** The spans in an answer, whatever its format. */
  decode({ json }: JsonAnswer): DecodedJson {
    try {
      return decodeJson(json) ?? NOTHING;
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      const text = `${this.name} sent a trace that cannot be read: ${error.message}.`;
      throw new SourceError('ERR_LONGPOLE_SOURCE_ANSWER', text, error);
    }
  }
}
