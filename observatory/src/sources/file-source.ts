// Traces from a file or from standard input, the format told by the content.
import type { Trace } from '../trace/span.ts';
import { type Bytes, type Chunks, fileBytes, streamBytes } from './files/bytes.ts';
import { findById, findNewest } from './files/find-trace.ts';
import { gatherTraces } from './files/gather-traces.ts';
import { ReadReport } from './files/read-report.ts';
import { indexTraces } from './files/trace-index.ts';
import { selectTraces, type TraceQuery } from './trace-query.ts';
import type { ReadEvents, TraceSource } from './trace-source.ts';

/** Spans held at most while the rest of their traces is still to come; about 5 KB each where each has a line of its own. */
const MAX_OPEN_SPANS = 25_000;

async function readTrace(
  bytes: Bytes,
  traceId: string | undefined,
  events: ReadEvents | undefined,
): Promise<Trace> {
  const report = new ReadReport(bytes.name, events);
  const trace = await (traceId === undefined ? findNewest(bytes, report) : findById(bytes, traceId, report));
  report.traces = 1;
  report.finish();
  return trace;
}

async function* listTraces(
  bytes: Bytes,
  query: TraceQuery,
  events: ReadEvents | undefined,
  maxOpenSpans: number,
): AsyncGenerator<Trace> {
  const report = new ReadReport(bytes.name, events);
  const index = await indexTraces(bytes, report);
  yield* selectTraces(gatherTraces(bytes, index, report, maxOpenSpans), query);
  report.finish();
}

function bytesSource(bytes: Bytes, maxOpenSpans: number): TraceSource {
  return {
    name: bytes.name,
    read: (traceId, events) => readTrace(bytes, traceId, events),
    list: (query, events) => listTraces(bytes, query, events, maxOpenSpans),
  };
}

/**
 * Traces from the file at `path`: OTLP JSON, JSON lines, protobuf, Jaeger, Zipkin or Tempo JSON, packed with gzip
 * or zstd or not. It is read as a stream, and more than once: lines, messages and ResourceSpans may be more than
 * memory holds.
 */
export function fileSource(path: string, maxOpenSpans: number = MAX_OPEN_SPANS): TraceSource {
  return bytesSource(fileBytes(path), maxOpenSpans);
}

/** Traces from a stream that can be read once, such as standard input; a long one is kept in a temporary file. */
export function streamSource(
  name: string,
  chunks: Chunks,
  maxOpenSpans: number = MAX_OPEN_SPANS,
): TraceSource {
  return bytesSource(streamBytes(name, chunks), maxOpenSpans);
}
