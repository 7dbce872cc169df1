// The base URL of a backend, checked once.
import { SourceError } from './source-error.ts';

export type Engine = 'Jaeger' | 'Zipkin' | 'Tempo';

export interface SourceUrl {
  /** The engine that the URL's scheme names; `undefined` when it is to be found out. */
  readonly engine: Engine | undefined;
  /** With a path that ends in a slash, without credentials, query and fragment. */
  readonly base: URL;
  /** For sentences: the base without its last slash. */
  readonly name: string;
  /** The Authorization header, when the URL had a user and password. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Paths of the engines' own pages and of queries for traces, as people copy them from the address bar. */
const PAGES =
  /\/(search|dependencies|trace\/[^/]*|zipkin(\/(dependency|traces\/[^/]*))?|api(\/v[23])?\/(services|search|trace\/[^/]*|traces(\/[^/]*)?))\/?$/;

const ENGINES: Readonly<Record<string, Engine>> = { jaeger: 'Jaeger', zipkin: 'Zipkin', tempo: 'Tempo' };
const SCHEME = /^(?<engine>[a-z]+)\+(?<rest>https?:\/\/.*)$/is;

function hint(text: string): string {
  return /^[\w.-]+:\d+/.test(text) || /^[\w.-]+$/.test(text) ? ` Did you mean http://${text}?` : '';
}

function parseHttpUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined;
}

function splitEngine(text: string, from: string): { engine: Engine | undefined; address: string } {
  const parts = SCHEME.exec(text)?.groups;
  if (parts === undefined) return { engine: undefined, address: text };
  const engine = ENGINES[parts['engine']?.toLowerCase() ?? ''];
  if (engine !== undefined) return { engine, address: parts['rest'] ?? '' };
  const known = Object.keys(ENGINES).map((name) => `${name}+http://…`);
  const problem = `${from} ${JSON.stringify(text)} names no engine that is known; known are ${known.join(', ')}.`;
  throw new SourceError('ERR_LONGPOLE_SOURCE_URL', problem);
}

/**
 * Parses the base URL of a backend; a path (`http://host/jaeger`) is kept, the part of a page or a query is not.
 * @param from What the text was given as, for the error: `--source` or a variable's name.
 * @throws SourceError `ERR_LONGPOLE_SOURCE_URL`
 */
export function parseSourceUrl(text: string, from: string): SourceUrl {
  const { engine, address } = splitEngine(text, from);
  const base = parseHttpUrl(address);
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
  return { engine, base, name: base.href.replace(/\/$/, ''), headers };
}
