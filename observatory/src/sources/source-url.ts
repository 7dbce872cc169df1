// The base URL of a backend, checked once.
import { SourceError } from './source-error.ts';

export interface SourceUrl {
  /** With a path that ends in a slash, without credentials, query and fragment. */
  readonly base: URL;
  /** For sentences: the base without its last slash. */
  readonly name: string;
  /** The Authorization header, when the URL had a user and password. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Paths of Jaeger's own pages and of queries for traces, as people copy them from the address bar. */
const PAGES = /\/(search|dependencies|trace\/[^/]*|api(\/v3)?\/(services|traces(\/[^/]*)?))\/?$/;

function hint(text: string): string {
  return /^[\w.-]+:\d+/.test(text) || /^[\w.-]+$/.test(text) ? ` Did you mean http://${text}?` : '';
}

function parseHttpUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined;
}

/**
 * Parses the base URL of a backend; a path (`http://host/jaeger`) is kept, the part of a page or a query is not.
 * @param from What the text was given as, for the error: `--source` or a variable's name.
 * @throws SourceError `ERR_LONGPOLE_SOURCE_URL`
 */
export function parseSourceUrl(text: string, from: string): SourceUrl {
  const base = parseHttpUrl(text);
  if (base === undefined) {
    const problem = `${from} ${JSON.stringify(text)} is not an http or https URL.${hint(text)}`;
    throw new SourceError('ERR_LONGPOLE_SOURCE_URL', problem);
  }
  const { username, password } = base;
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  const headers = username === '' ? {} : { authorization: `Basic ${credentials.toString('base64')}` };
  base.username = '';
  base.password = '';
  base.search = '';
  base.hash = '';
  base.pathname = `${base.pathname.replace(PAGES, '').replace(/\/+$/, '')}/`;
  return { base, name: base.href.replace(/\/$/, ''), headers };
}
