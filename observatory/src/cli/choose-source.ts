// Where a command reads its trace: told from its arguments, `--source` and LONGPOLE_SOURCE.
import { existsSync } from 'node:fs';
import {
  backendSource,
  fileSource,
  parseTraceId,
  streamSource,
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

const PLACES: Readonly<Record<string, string>> = { file: 'file', url: 'URL' };

function toTarget(text: string): Target {
  const traceId = parseTraceId(text);
  if (text === '-' || existsSync(text)) return traceId?.length === text.length ? { traceId } : { file: text };
  if (traceId !== undefined) return { traceId };
  if (/^https?:\/\//i.test(text)) return { url: text };
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

/** Whether a source is meant as a file: it is there, or it ends as files of traces do. */
function isFileName(text: string): boolean {
  if (/^https?:\/\//i.test(text)) return false;
  return text === '-' || existsSync(text) || /\.(jsonl?|ndjson|pb|bin|proto|otlp|gz|zst)$/i.test(text);
}

function openFile(path: string, { stdin }: Terminal): Omit<Chosen, 'traceId'> {
  if (path === '-')
    return { source: streamSource('standard input', stdin), isBackend: false, isStream: true };
  return { source: fileSource(path), isBackend: false, isStream: false };
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
  if (file !== undefined) return { ...openFile(file, terminal), traceId };
  const named = url ?? sourceFlag;
  const from = named === undefined ? 'LONGPOLE_SOURCE' : '--source';
  const address = named ?? (terminal.env['LONGPOLE_SOURCE'] || undefined) ?? defaultSource(terminal.env);
  if (isFileName(address)) return { ...openFile(address, terminal), traceId };
  return {
    source: backendSource(address, { from, now: terminal.now }),
    traceId: traceId ?? (named === undefined ? undefined : traceIdInUrl(named)),
    isBackend: true,
    isStream: false,
  };
}
