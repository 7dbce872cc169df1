// What every source of traces can do.
import type { Trace } from '../trace/span.ts';
import type { TraceQuery } from './trace-query.ts';

/** How far a long read has come. */
export interface ReadProgress {
  /** Bytes read so far, where the source has a length to compare them with or is a stream. */
  readonly bytes?: number;
  /** Bytes there are in all, where that is known. */
  readonly totalBytes?: number;
  /** Traces found so far, also those that do not match the query. */
  readonly traces: number;
  readonly spans: number;
}

/** Who wants to hear of a read while it goes on. */
export interface ReadEvents {
  /** Called now and then during a long read, and once at its end. */
  readonly onProgress?: (progress: ReadProgress) => void;
  /** Called with one sentence for everything that the result lacks: lines skipped, traces cut off, limits of a backend. */
  readonly onWarning?: (text: string) => void;
}

export interface TraceSource {
  /** How the source is called in sentences: a URL or a file name. */
  readonly name: string;

  /**
   * The trace with this id (32 lower-case hex digits), or without an id the newest request: the trace whose
   * root is a SERVER span and started last, the longer one around it that may have lost it, or if there is no
   * request the trace that started last.
   * @throws SourceError
   */
  read(traceId: string | undefined, events?: ReadEvents): Promise<Trace>;

  /**
   * Every trace that the query asks for, one after the other and each once, in no particular order; with `last`
   * the newest first. Only a few traces are held at a time, so that a source may be larger than memory.
   * Nothing found is no error: then it ends without a trace.
   * @throws SourceError
   */
  list(query: TraceQuery, events?: ReadEvents): AsyncIterable<Trace>;
}
