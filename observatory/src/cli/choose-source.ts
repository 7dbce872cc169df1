// Where a command reads its trace: told from its arguments, `--source` and LONGPOLE_SOURCE.
import { existsSync } from 'node:fs';
import { backendSource, fileSource, parseTraceId, streamSource, type TraceSource } from '../sources/index.ts';
import { DEFAULT_SOURCE } from './default-source.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export interface Chosen {
  readonly source: TraceSource;
  /** The id that was asked for; without one the newest trace is meant. */
  readonly traceId: string | undefined;
  /** Whether the source is a backend, in which a trace can still be arriving. */
  readonly isBackend: boolean;
}

interface Target {
  readonly traceId?: string;
  readonly file?: string;
}

function toTarget(text: string): Target {
  const traceId = parseTraceId(text);
  if (text === '-' || existsSync(text)) return traceId?.length === text.length ? { traceId } : { file: text };
  if (traceId !== undefined) return { traceId };
  throw new UsageError(`${text} is neither a file nor a trace id (32 hex digits).`);
}

function toTargets(texts: readonly string[]): Target {
  if (texts.length > 2)
    throw new UsageError(`Name one file and one trace id at most, not ${texts.join(', ')}.`);
  const targets = texts.map(toTarget);
  const merged: Target = Object.assign({}, ...targets);
  if (Object.keys(merged).length < targets.length) {
    throw new UsageError(
      `Name one ${merged.file === undefined ? 'trace id' : 'file'}, not two: ${texts.join(', ')}.`,
    );
  }
  return merged;
}

/**
 * The source and the id that the arguments of a command mean. A text that is a trace id in full length is never
 * taken for a file.
 * @throws UsageError on arguments that contradict each other, SourceError on a URL that is none.
 */
export function chooseSource(
  texts: readonly string[],
  sourceFlag: string | undefined,
  terminal: Terminal,
): Chosen {
  const { traceId, file } = toTargets(texts);
  if (file !== undefined && sourceFlag !== undefined) {
    throw new UsageError(`Name a file or --source, not both: ${file} and ${sourceFlag}.`);
  }
  if (file === '-')
    return { source: streamSource('standard input', terminal.stdin), traceId, isBackend: false };
  if (file !== undefined) return { source: fileSource(file), traceId, isBackend: false };
  const variable = terminal.env['LONGPOLE_SOURCE'] || undefined;
  const url = sourceFlag ?? variable ?? DEFAULT_SOURCE;
  const from = sourceFlag === undefined ? 'LONGPOLE_SOURCE' : '--source';
  return { source: backendSource(url, { from, now: terminal.now }), traceId, isBackend: true };
}
