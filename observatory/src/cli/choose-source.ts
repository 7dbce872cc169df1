// Where a command reads its trace: told from its arguments, `--source` and LONGPOLE_SOURCE.
import { existsSync } from 'node:fs';
import {
  fileSource,
  isBackendUrl,
  openSource,
  parseSourceHeaders,
  parseTraceId,
  type TraceSource,
  traceIdInUrl,
} from '../sources/index.ts';
import { defaultSource } from './default-source.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export interface Chosen {
  readonly source: TraceSource;
  /** The id that was asked for; without one the newest trace is meant. */
  readonly traceId: string | undefined;
  /** Whether the source is a backend, in which a trace can still be arriving. */
  readonly isBackend: boolean;
  /** Whether it can be read once only: standard input. */
  readonly isStream: boolean;
}

interface Target {
  readonly traceId?: string;
  readonly file?: string;
  /** The address of a backend, or of a trace in it. */
  readonly url?: string;
}

/** Headers for a backend, such as `authorization=Bearer …`. */
const HEADERS = 'LONGPOLE_SOURCE_HEADERS';

const PLACES: Readonly<Record<string, string>> = { file: 'file', url: 'URL' };

function toTarget(text: string): Target {
  const traceId = parseTraceId(text);
  if (text === '-' || existsSync(text)) return traceId?.length === text.length ? { traceId } : { file: text };
  if (traceId !== undefined) return { traceId };
  if (isBackendUrl(text)) return { url: text };
  if (/[./\\]/.test(text)) return { file: text };
  throw new UsageError(`${JSON.stringify(text)} is neither a file nor a trace id (32 hex digits).`);
}

function toTargets(texts: readonly string[]): Target {
  if (texts.length > 2)
    throw new UsageError(`Name one file and one trace id at most, not ${texts.join(', ')}.`);
  const targets = texts.map(toTarget);
  const merged: Target = Object.assign({}, ...targets);
  if (Object.keys(merged).length < targets.length) {
    const what = Object.keys(merged).map((key) => PLACES[key] ?? 'trace id');
    throw new UsageError(`Name one ${what.join()}, not two: ${texts.join(', ')}.`);
  }
  if (merged.file !== undefined && merged.url !== undefined) {
    throw new UsageError(`Name a file or a URL, not both: ${texts.join(', ')}.`);
  }
  return merged;
}

/**
 * The source and the id that the arguments of a command mean. A text that is a trace id in full length is never
 * taken for a file. The address of a trace, as an argument or in `--source`, is its backend and its id.
 * @throws UsageError on arguments that contradict each other, SourceError on a URL that is none.
 */
export function chooseSource(
  texts: readonly string[],
  sourceFlag: string | undefined,
  terminal: Terminal,
): Chosen {
  const { traceId, file, url } = toTargets(texts);
  const place = file ?? url;
  if (place !== undefined && sourceFlag !== undefined) {
    const what = file === undefined ? 'URL' : 'file';
    throw new UsageError(`Name a ${what} or --source, not both: ${place} and ${sourceFlag}.`);
  }
  if (file !== undefined && file !== '-')
    return { source: fileSource(file), traceId, isBackend: false, isStream: false };
  const named = place ?? sourceFlag;
  const address = named ?? (terminal.env['LONGPOLE_SOURCE'] || undefined) ?? defaultSource(terminal.env);
  const { source, isBackend } = openSource(address, {
    from: named === undefined ? 'LONGPOLE_SOURCE' : '--source',
    now: terminal.now,
    stdin: terminal.stdin,
    headers: parseSourceHeaders(terminal.env[HEADERS], HEADERS),
  });
  return {
    source,
    traceId: traceId ?? (isBackend && named !== undefined ? traceIdInUrl(named) : undefined),
    isBackend,
    isStream: address === '-',
  };
}
