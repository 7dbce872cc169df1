// Traces from a file or from standard input, the format told by the content.
import { createReadStream } from 'node:fs';
import type { Span, Trace } from '../trace/span.ts';
import { WireError } from '../wire/wire-error.ts';
import { decodeSpans, KNOWN_FORMATS } from './decode-traces.ts';
import { groupTraces } from './group-traces.ts';
import { NewestTrace, newestTrace } from './newest-trace.ts';
import { type JsonValueAt, readJsonStream } from './read-json-stream.ts';
import { SourceError } from './source-error.ts';
import { matchesQuery, newestFirst, type TraceQuery } from './trace-query.ts';
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

/** Every span of a stream, in its order. */
async function* spansIn(name: string, chunks: Chunks): AsyncGenerator<Span> {
  let isEmpty = true;
  for await (const json of readJsonStream(name, chunks)) {
    isEmpty = false;
    yield* decode(name, json);
  }
  if (isEmpty) throw new SourceError('ERR_LONGPOLE_FILE_EMPTY', `${name} is empty.`);
}

function notFound(name: string, traceId: string | undefined): SourceError {
  if (traceId === undefined) return new SourceError('ERR_LONGPOLE_NO_TRACES', `${name} holds no spans.`);
  return new SourceError('ERR_LONGPOLE_TRACE_NOT_FOUND', `Trace ${traceId} is not in ${name}.`);
}

async function readById(name: string, chunks: Chunks, traceId: string): Promise<Trace> {
  const spans: Span[] = [];
  for await (const span of spansIn(name, chunks)) if (span.traceId === traceId) spans.push(span);
  if (spans.length === 0) throw notFound(name, traceId);
  return { traceId, spans };
}

async function readNewest(name: string, chunks: Chunks): Promise<Trace> {
  const spans: Span[] = [];
  for await (const span of spansIn(name, chunks)) spans.push(span);
  const trace = newestTrace(groupTraces(spans));
  if (trace === undefined) throw notFound(name, undefined);
  return trace;
}

async function newestId(name: string, chunks: Chunks): Promise<string> {
  const newest = new NewestTrace();
  for await (const span of spansIn(name, chunks)) newest.add(span);
  if (newest.traceId === undefined) throw notFound(name, undefined);
  return newest.traceId;
}

async function* listTraces(name: string, chunks: Chunks, query: TraceQuery): AsyncGenerator<Trace> {
  const spans: Span[] = [];
  for await (const span of spansIn(name, chunks)) spans.push(span);
  yield* newestFirst(
    groupTraces(spans).filter((trace) => matchesQuery(trace, query)),
    query.last,
  );
}

/**
 * Traces from the file at `path`. It is read as a stream: JSON lines may be larger than memory, and to find the
 * newest trace in them without holding all, they are read twice.
 */
export function fileSource(path: string): TraceSource {
  const read = async (traceId: string | undefined): Promise<Trace> =>
    readById(path, readFile(path), traceId ?? (await newestId(path, readFile(path))));
  return { name: path, read, list: (query) => listTraces(path, readFile(path), query) };
}

/** Traces from a stream that can be read once, such as standard input. */
export function streamSource(name: string, chunks: Chunks): TraceSource {
  const read = (traceId: string | undefined): Promise<Trace> =>
    traceId === undefined ? readNewest(name, chunks) : readById(name, chunks, traceId);
  return { name, read, list: (query) => listTraces(name, chunks, query) };
}
