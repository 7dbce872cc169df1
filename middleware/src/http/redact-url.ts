// Takes secrets out of URLs before they become attributes.

import { sharedState } from '../shared/state.ts';
import { plainKey } from './privacy.ts';

const REDACTED = 'REDACTED';

/** Query keys that the HTTP semantic conventions name (case-sensitive there), and the ones that commonly hold secrets. */
export const REDACTED_KEYS: readonly string[] = [
  'sig',
  'Signature',
  'AWSAccessKeyId',
  'X-Goog-Signature',
  'X-Amz-Signature',
  'X-Amz-Credential',
  'X-Amz-Security-Token',
  'token',
  'access_token',
  'id_token',
  'refresh_token',
  'password',
  'passwd',
  'code',
  'secret',
  'client_secret',
  'key',
  'api_key',
  'pwd',
  'passphrase',
  'jwt',
  'bearer',
  'auth',
  'authorization',
  'auth_token',
  'session_token',
  'session_id',
  'client_assertion',
  'private_key',
  'otp',
];

const SECRET_KEYS = new Set(REDACTED_KEYS.map(plainKey));

/** The query string (without `?`) with the values of secret keys replaced by `REDACTED`; everything else as it was. */
export function redactQuery(query: string): string {
  if (!hasSecret(query)) return query;
  return query
    .split('&')
    .map((pair) => {
      const end = pair.indexOf('=');
      return end !== -1 && isSecret(pair.slice(0, end)) ? `${pair.slice(0, end)}=${REDACTED}` : pair;
    })
    .join('&');
}

const AMPERSAND = '&'.charCodeAt(0);
const EQUALS = '='.charCodeAt(0);

/** Most queries have none, so they are looked through before they are taken apart. */
function hasSecret(query: string): boolean {
  let start = 0;
  let isKey = true;
  for (let i = 0; i < query.length; i++) {
    const code = query.charCodeAt(i);
    if (code === AMPERSAND) {
      start = i + 1;
      isKey = true;
    } else if (isKey && code === EQUALS) {
      if (isSecret(query.slice(start, i))) return true;
      isKey = false;
    }
  }
  return false;
}

/**
 * A URL or path with its query redacted; user name and password become `REDACTED:REDACTED` (semantic conventions,
 * `url.full`). The fragment is never kept.
 */
export function redactUrl(url: string): string {
  const fragmentStart = url.indexOf('#');
  const withoutFragment = fragmentStart === -1 ? url : url.slice(0, fragmentStart);
  const anonymous = withoutFragment.includes('@')
    ? withoutFragment.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?]*@/i, `$1${REDACTED}:${REDACTED}@`)
    : withoutFragment;
  const queryStart = anonymous.indexOf('?');
  if (queryStart === -1) return anonymous;
  return anonymous.slice(0, queryStart + 1) + redactQuery(anonymous.slice(queryStart + 1));
}

const MAX_KNOWN = 1024;
const LONGEST_KNOWN = 64;
let known = new Map<string, boolean>();
let knownFor: ReadonlySet<string> | undefined;

/** Remembered, because the same keys come again and again; long ones are not, so that nobody can fill the memory. */
function isSecret(key: string): boolean {
  const { redact } = sharedState().privacy;
  if (redact !== knownFor || known.size >= MAX_KNOWN) {
    known = new Map();
    knownFor = redact;
  }
  const answer = known.get(key);
  if (answer !== undefined) return answer;
  const fresh = isSecretKey(key, redact);
  // A copy, because a slice keeps all of the URL that it was cut out of.
  if (key.length <= LONGEST_KNOWN) known.set(Buffer.from(key).toString(), fresh);
  return fresh;
}

/** `token`, but also `user[token]` as Express's query parser reads it. */
function isSecretKey(key: string, redact: ReadonlySet<string>): boolean {
  const text = decoded(key);
  if (redact.has(plainKey(text))) return true;
  const parts = text.split(/[[\].]/).map(plainKey);
  return parts.some((part) => SECRET_KEYS.has(part) || redact.has(part));
}

function decoded(key: string): string {
  if (!key.includes('%')) return key;
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
