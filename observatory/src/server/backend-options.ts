// The options of the backend, parsed once.
import { closestName } from '../trace/nearest-name.ts';
import { BackendError } from './backend-error.ts';

export interface BackendOptions {
  /** Address to listen on. Defaults to 127.0.0.1. */
  readonly host?: string;
  /** Port of the page and the query API; 0 for any free one. Defaults to 16686, Jaeger's. */
  readonly uiPort?: number;
  /** Port of OTLP/HTTP; 0 for any free one. Defaults to 4318. */
  readonly otlpPort?: number;
  /** File to keep the traces in. Defaults to none: they live in memory. */
  readonly db?: string;
  /** Traces kept at most. Defaults to 100 000. */
  readonly maxTraces?: number;
  /** Bytes kept at most. Defaults to 1 GiB. */
  readonly maxBytes?: number;
  /** Spans kept of one trace at most. Defaults to 250 000. */
  readonly maxSpansPerTrace?: number;
  /** Bytes of one OTLP request, also after decompression. Defaults to 64 MiB. */
  readonly maxBodyBytes?: number;
  /** Names beside `host`, localhost and IP addresses under which the query API may be reached. Defaults to none. */
  readonly allowedHosts?: readonly string[];
  /** Folder of the built page. Defaults to none: a plain list of the newest traces is shown. */
  readonly pageFolder?: string;
  /** Where the demo's mesh takes the questions of the page's panel. Defaults to none. */
  readonly demoUrl?: string;
  /** Milliseconds since the Unix epoch. Defaults to `Date.now`. */
  readonly clock?: () => number;
}

/** Options with their defaults filled in. */
export type ParsedOptions = BackendOptions &
  Required<Pick<BackendOptions, 'host' | 'uiPort' | 'otlpPort' | 'allowedHosts' | 'clock'>>;

const DEFAULTS = { host: '127.0.0.1', uiPort: 16_686, otlpPort: 4_318, allowedHosts: [], clock: Date.now };

/** Every option's name; the compiler keeps the list complete. */
const KNOWN: Readonly<Record<keyof BackendOptions, true>> = {
  host: true,
  uiPort: true,
  otlpPort: true,
  db: true,
  maxTraces: true,
  maxBytes: true,
  maxSpansPerTrace: true,
  maxBodyBytes: true,
  allowedHosts: true,
  pageFolder: true,
  demoUrl: true,
  clock: true,
};
const NAMES: readonly string[] = Object.keys(KNOWN);

function wrong(problem: string): BackendError {
  return new BackendError('ERR_LONGPOLE_BACKEND_OPTION', problem);
}

function checkPort(name: 'uiPort' | 'otlpPort', port: number): void {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return;
  throw wrong(`${name} is ${String(port)}: it must be a whole number from 0 to 65535.`);
}

function checkText(name: 'host' | 'db' | 'pageFolder', value: unknown): void {
  if (value === undefined || (typeof value === 'string' && value !== '')) return;
  throw wrong(`${name} is ${JSON.stringify(value)}: it must be a text that is not empty.`);
}

function checkUrl(demoUrl: string | undefined): void {
  if (demoUrl === undefined || (URL.canParse(demoUrl) && new URL(demoUrl).protocol === 'http:')) return;
  throw wrong(`demoUrl is ${JSON.stringify(demoUrl)}: it must be an http:// address.`);
}

function checkSize(name: 'maxBodyBytes', value: number | undefined): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 1)) return;
  throw wrong(`${name} is ${String(value)}: it must be a whole number of at least 1.`);
}

/**
 * Checks the options and fills in the defaults; an option that is `undefined` counts as absent.
 * @throws BackendError `ERR_LONGPOLE_BACKEND_OPTION` that names the option and the value.
 */
export function parseOptions(given: BackendOptions): ParsedOptions {
  for (const name of Object.keys(given)) {
    if (!NAMES.includes(name))
      throw wrong(`There is no option ${name}. Did you mean ${closestName(name, NAMES)?.name}?`);
  }
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const options: ParsedOptions = { ...DEFAULTS, ...present };
  checkText('host', options.host);
  checkText('db', options.db);
  checkText('pageFolder', options.pageFolder);
  checkUrl(options.demoUrl);
  checkPort('uiPort', options.uiPort);
  checkPort('otlpPort', options.otlpPort);
  checkSize('maxBodyBytes', options.maxBodyBytes);
  return options;
}
