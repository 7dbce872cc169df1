// What a secret looks like, by its own form or by the name of its attribute; never says more of it than its kind.
import { isCardNumber } from './card-number.ts';

/** Kinds of secrets, as they are named in sentences. */
export type SecretKind =
  | 'a password'
  | 'a token'
  | 'a JSON web token'
  | 'an API key'
  | 'a private key'
  | 'a cookie'
  | 'a card number'
  | 'a password in a URL'
  | 'a key in a URL';

/** Shorter texts hold none of the forms below. */
const SHORTEST = 12;

const FORMS: readonly (readonly [SecretKind, RegExp])[] = [
  ['a private key', /-----BEGIN (?:[A-Z]{2,12} ){0,3}PRIVATE KEY-----/],
  ['a JSON web token', /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/],
  ['a token', /\b(?:[Bb]earer|BEARER|[Bb]asic|BASIC) +(?=\S*(?:\d|[a-z]\S*[A-Z]))[\w.~+/=-]{16,}/],
  ['an API key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['an API key', /\bgh[pousr]_[A-Za-z0-9]{36}/],
  ['an API key', /\bgithub_pat_\w{40,}/],
  ['an API key', /\bglpat-[\w-]{20}/],
  ['an API key', /\bxox[abprs]-[\w-]{10,}/],
  ['an API key', /\b[sr]k_live_[0-9a-zA-Z]{16,}/],
  ['an API key', /\bAIza[\w-]{35}/],
  ['an API key', /\bnpm_[A-Za-z0-9]{36}/],
  [
    'a password in a URL',
    /\b[a-z][\w+.-]{1,20}:\/\/[^\s/?#@:]{0,100}:(?!REDACTED|\*|%2A|xxx)[^\s/?#@]{1,200}@/i,
  ],
];

/** A quick look for anything that FORMS or a card number need. */
const HINT =
  /eyJ|BEGIN |bearer |basic |A[KS]IA|gh[pousr]_|github_pat_|glpat-|xox|k_live_|AIza|npm_|:\/\/[^\s/@]{1,300}@|\d(?:[ -]?\d){12}/i;

const QUERY_KEY =
  /[?&;](?:[\w.[\]-]{0,40}[._[-])?(?:password|passwd|pwd|passphrase|secret|client_?secret|token|(?:access|id|refresh|auth|session)_?token|api_?key|apikey|access_?key|private_?key|jwt|signature|sig|x-amz-signature|x-goog-signature)\]?=(?!REDACTED|%5BREDACTED|\[|\*|&|$)([^&#\s]+)/gi;

/** Digit runs that may be a card number; not inside of longer words, ids or numbers. */
const CARD = /(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-]|\.\d)/g;

/** The kinds of attributes whose value is a secret whatever it looks like, by their name in lower case without separators. */
const NAMED: readonly (readonly [SecretKind, RegExp])[] = [
  ['a password', /(?:^|[._-])(?:password|passwd|pwd|passphrase)$/],
  ['a token', /(?:^|[._-])(?:token|(?:access|id|refresh|auth|session|bearer)_?token|jwt|otp)$/],
  ['a token', /(?:^|[._-])(?:authorization|proxy-authorization|x-auth-token)$/],
  ['a cookie', /(?:^|[._-])(?:cookie|set-cookie)$/],
  [
    'an API key',
    /(?:^|[._-])(?:api[_-]?key|apikey|x-api-key|secret|client_?secret|secret_?key|access_?key|private_?key)$/,
  ],
  ['a card number', /(?:^|[._-])(?:card_?number|cvv|cvc|iban_?pin|pin_?code)$/],
];

/** Tokens that say where to go on, or only go with a form. */
const PAGE_TOKEN =
  /(?:page|next|prev(?:ious)?|continu(?:e|ation)|cursor|sync|resume|sequence|csrf|xsrf)[._-]?token\b/i;

/** Values that stand for a secret that was taken out, or for none. */
const HARMLESS =
  /^(?:|\*+|x+|-+|\[?redacted\]?|\[?filtered\]?|<redacted>|\[?hidden\]?|masked|removed|none|null|undefined|true|false|\d{1,3})$/i;

/** The kind of secret an attribute of this name holds; `undefined` for a name that says nothing. */
export function namedSecret(name: string): SecretKind | undefined {
  const lower = name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
  if (PAGE_TOKEN.test(lower)) return undefined;
  return NAMED.find(([, pattern]) => pattern.test(lower))?.[0];
}

/** Whether a value under a name of {@link namedSecret} is one, and not a mark in its place. */
export function isSecretValue(value: string): boolean {
  return !HARMLESS.test(value.trim());
}

function isCard(text: string): boolean {
  return text.match(CARD)?.some((digits) => isCardNumber(digits.replace(/[ -]/g, ''))) === true;
}

function hasQueryKey(text: string): boolean {
  for (const [pair] of text.matchAll(QUERY_KEY)) if (!PAGE_TOKEN.test(pair)) return true;
  return false;
}

/** The kind of secret that stands somewhere in `text`; `undefined` when nothing in it looks like one. */
export function secretIn(text: string): SecretKind | undefined {
  if (text.length < SHORTEST) return undefined;
  if (HINT.test(text)) {
    const form = FORMS.find(([, pattern]) => pattern.test(text))?.[0];
    if (form !== undefined) return form;
    if (isCard(text)) return 'a card number';
  }
  return text.includes('=') && hasQueryKey(text) ? 'a key in a URL' : undefined;
}
