// What every source of traces can do.
import type { Trace } from '../trace/span.ts';

export interface TraceSource {
  /** How the source is called in sentences: a URL or a file name. */
  readonly name: string;

  /**
   * The trace with this id (32 lower-case hex digits), or without an id the newest request: the trace whose
   * root is a SERVER span and started last, the longer one around it that may have lost it, or if there is no
   * request the trace that started last.
   * @throws SourceError
   */
  read(traceId: string | undefined): Promise<Trace>;
}
