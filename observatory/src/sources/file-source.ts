// Traces from a file or from standard input, the format told by the content.
import { createReadStream } from 'node:fs';
import type { Span, Trace } from '../trace/span.ts';
import { WireError } from '../wire/wire-error.ts';
import { decodeSpans, KNOWN_FORMATS } from './decode-traces.ts';
import { groupTraces, newestTrace } from './group-traces.ts';
import { type JsonValueAt, readJsonStream } from './read-json-stream.ts';
import { SourceError } from './source-error.ts';
import type { TraceSource } from './trace-source.ts';

type Chunks = AsyncIterable<Uint8Array | string>;

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read by this user',
  EISDIR: 'it is a directory',
};

async function* readFile(path: string): Chunks {
  try {
    yield* createReadStream(path) as AsyncIterable<Uint8Array>;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    throw new SourceError(
      'ERR_LONGPOLE_FILE_UNREADABLE',
      `${path} cannot be read: ${WHY[code] ?? code}.`,
      error,
    );
  }
}

function decode(name: string, { value, place }: JsonValueAt): Span[] {
  const where = place === '' ? name : `${name}, ${place}`;
  try {
    const spans = decodeSpans(value);
    if (spans !== undefined) return spans;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new SourceError('ERR_LONGPOLE_FILE_FORMAT', `${where}: ${error.message}.`, error);
  }
  const text = `${where}: this JSON is not a format of traces; understood are ${KNOWN_FORMATS}.`;
  throw new SourceError('ERR_LONGPOLE_FILE_FORMAT', text);
}

async function readSpans(name: string, chunks: Chunks, traceId: string | undefined): Promise<Span[]> {
  const kept: Span[] = [];
  let isEmpty = true;
  for await (const json of readJsonStream(name, chunks)) {
    isEmpty = false;
    for (const span of decode(name, json)) {
      if (traceId === undefined || span.traceId === traceId) kept.push(span);
    }
  }
  if (isEmpty) throw new SourceError('ERR_LONGPOLE_FILE_EMPTY', `${name} is empty.`);
  return kept;
}

async function readTrace(name: string, chunks: Chunks, traceId: string | undefined): Promise<Trace> {
  const spans = await readSpans(name, chunks, traceId);
  const trace = newestTrace(groupTraces(spans));
  if (trace !== undefined) return trace;
  if (traceId === undefined) throw new SourceError('ERR_LONGPOLE_NO_TRACES', `${name} holds no spans.`);
  throw new SourceError('ERR_LONGPOLE_TRACE_NOT_FOUND', `Trace ${traceId} is not in ${name}.`);
}

/** Traces from the file at `path`; it is read anew for each trace, as a stream. */
export function fileSource(path: string): TraceSource {
  return { name: path, read: (traceId) => readTrace(path, readFile(path), traceId) };
}

/** Traces from a stream that can be read once, such as standard input. */
export function streamSource(name: string, chunks: Chunks): TraceSource {
  return { name, read: (traceId) => readTrace(name, chunks, traceId) };
}
