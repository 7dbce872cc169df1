// What the application says about secrets: more query keys to redact, and the headers it wants on spans.

import { isArrayOf, isString } from '../options/checks.ts';
import { type Check, parseOptions } from '../options/parse-options.ts';
import { sharedState } from '../shared/state.ts';

export interface PrivacyOptions {
  /**
   * Keys whose values are redacted in `url.full` and `url.query` of every span, beside those that are always; letter
   * case, `_` and `-` do not matter. Holds for the whole process. Defaults to none.
   */
  readonly redact?: readonly string[];
  /**
   * Headers of incoming requests and of the responses to them that SERVER spans show as `http.request.header.<name>`
   * and `http.response.header.<name>`. `Authorization`, `Proxy-Authorization`, `Cookie` and `Set-Cookie` are refused.
   * Holds for the whole process. Defaults to none.
   */
  readonly captureHeaders?: CaptureHeaders;
}

export interface CaptureHeaders {
  readonly request?: readonly string[];
  readonly response?: readonly string[];
}

/** All that was said, put together. */
export interface Privacy {
  readonly entries: readonly PrivacyOptions[];
  /** As `plainKey` makes them. */
  readonly redact: ReadonlySet<string>;
  /** In lower case. */
  readonly requestHeaders: readonly string[];
  readonly responseHeaders: readonly string[];
}

const NEVER = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie']);
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;

const isHeaderName: Check = (value) => {
  if (typeof value !== 'string' || !HEADER_NAME.test(value)) return 'expected names of headers';
  return NEVER.has(value.toLowerCase())
    ? `${value} holds credentials, which must not get into traces, so it is never captured`
    : undefined;
};

const isHeaders: Check = (value) => {
  if (Array.isArray(value)) return `expected an object. Did you mean { request: ${JSON.stringify(value)} }?`;
  const each = isArrayOf(isHeaderName);
  parseOptions('`captureHeaders`', value as object, { request: each, response: each });
  return undefined;
};

export const PRIVACY_CHECKS: Readonly<Record<keyof PrivacyOptions, Check>> = {
  redact: isArrayOf(isString),
  captureHeaders: isHeaders,
};

/** Adds to what was said; the returned function takes it back. */
export function registerPrivacy({ redact, captureHeaders }: PrivacyOptions): () => void {
  if (redact === undefined && captureHeaders === undefined) return () => {};
  const state = sharedState();
  const entry: PrivacyOptions = { redact: redact ?? [], captureHeaders: captureHeaders ?? {} };
  state.privacy = putTogether([...state.privacy.entries, entry]);
  return () => {
    state.privacy = putTogether(state.privacy.entries.filter((each) => each !== entry));
  };
}

function putTogether(entries: readonly PrivacyOptions[]): Privacy {
  const headers = (kind: keyof CaptureHeaders): string[] => {
    const names = entries.flatMap(({ captureHeaders }) => captureHeaders?.[kind] ?? []);
    return [...new Set(names.map((name) => name.toLowerCase()))];
  };
  return {
    entries,
    redact: new Set(entries.flatMap(({ redact = [] }) => redact.map(plainKey))),
    requestHeaders: headers('request'),
    responseHeaders: headers('response'),
  };
}

/** A key without what people spell in different ways: `accessToken`, `access_token`, `Access-Token`; `GRÖSSE`, `Größe`. */
export function plainKey(key: string): string {
  return key.toLowerCase().toUpperCase().replace(/[_-]/g, '');
}
