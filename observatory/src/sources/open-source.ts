// The source that one text names: a URL, a file, or standard input.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type BackendOptions, backendSource } from './backend-source.ts';
import { fileSource, streamSource } from './file-source.ts';
import type { TraceSource } from './trace-source.ts';

export interface OpenOptions extends BackendOptions {
  /** What `-` reads. */
  readonly stdin: AsyncIterable<Uint8Array | string>;
}

export interface OpenedSource {
  readonly source: TraceSource;
  /** Whether it is a backend, in which a trace can still be arriving. */
  readonly isBackend: boolean;
}

const HTTP = /^([a-z]+\+)?https?:\/\//i;
const FILE_NAME = /\.(json|jsonl|ndjson|pb|proto|bin|gz|zst|zstd)$/i;

/** Whether a text is the address of a backend, perhaps with its engine before it (`zipkin+http://…`). */
export function isBackendUrl(text: string): boolean {
  return HTTP.test(text);
}

function toPath(text: string): string | undefined {
  if (/^file:\/\//i.test(text)) return fileURLToPath(text);
  return existsSync(text) || FILE_NAME.test(text) ? text : undefined;
}

/**
 * Opens what `text` names: `-` is standard input, `http://…`, `zipkin+http://…` and the like a backend, `file://…`,
 * a name that is there or one that ends as files of traces do a file. Nothing is read yet.
 * @throws SourceError `ERR_LONGPOLE_SOURCE_URL` on anything else.
 */
export function openSource(text: string, options: OpenOptions): OpenedSource {
  if (text === '-') return { source: streamSource('standard input', options.stdin), isBackend: false };
  const path = isBackendUrl(text) ? undefined : toPath(text);
  if (path !== undefined) return { source: fileSource(path), isBackend: false };
  return { source: backendSource(text, options), isBackend: true };
}
