// What the query API of every trace backend is asked for.
import type { Span, Trace } from '../../trace/span.ts';
import { SourceError } from '../source-error.ts';

/** A search for traces in a window of time, milliseconds since the Unix epoch. */
export interface Search {
  /** A service that took part; an API with `needsService` always gets one. */
  readonly service?: string;
  /** Name of a span in the trace, as {@link QueryApi.operations} spells it. */
  readonly operation?: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** The span that is searched for took this long or longer. */
  readonly minDurationMs?: number;
  readonly limit: number;
}

/** Traces that a search found, and whether there may be more, of whatever age. */
export interface Found {
  readonly traces: readonly Trace[];
  readonly hasMore: boolean;
}

export interface QueryApi {
  /** The URL, for sentences. */
  readonly name: string;
  /** How the engine is called. */
  readonly engine: 'Jaeger' | 'Zipkin' | 'Tempo';
  /** Whether a search must name a service. */
  readonly needsService: boolean;
  /** A window of time no longer than this cannot be cut in two, milliseconds. */
  readonly resolutionMs: number;
  /** How far back a search may reach from its end at most, milliseconds. */
  readonly maxWindowMs?: number;
  /** Names of all services. */
  services(): Promise<readonly string[]>;
  /** The names of the service's operations that differ from `operation` at most in their case. */
  operations(service: string, operation: string): Promise<readonly string[]>;
  search(search: Search): Promise<Found>;
  /** Spans of one trace; none when it is not there. */
  trace(traceId: string): Promise<readonly Span[]>;
  /** Whether what answers at the URL is this engine. */
  isHere(): Promise<boolean>;
  /** Hears one sentence for everything that answers lack. */
  onWarning: (text: string) => void;
}

/** Something answered, and not as the engine that was expected there: another one may be. */
export class ForeignAnswer extends SourceError {
  constructor(name: string, engine: string, what: string) {
    super('ERR_LONGPOLE_SOURCE_ANSWER', `${name} answers, but not as ${engine} does (${what}).`);
  }
}
