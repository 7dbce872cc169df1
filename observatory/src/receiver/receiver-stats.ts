// Counts what came in and what was refused, by cause.
import type { InvalidSpan } from './invalid-span.ts';

/** Why a request was refused as a whole. */
export type RefusedRequest =
  | 'badData'
  | 'tooLarge'
  | 'unsupportedType'
  | 'unsupportedEncoding'
  | 'wrongMethod'
  | 'unknownPath'
  | 'fromBrowser'
  | 'overloaded'
  | 'aborted'
  | 'storeFailed'
  | 'internalError';

/** Why a span of an accepted request was not stored. */
export type RejectedSpan = InvalidSpan | 'traceTooLarge';

export interface ReceiverStats {
  /** Requests that were taken in, at least in part. */
  readonly accepted: number;
  readonly refused: Readonly<Partial<Record<RefusedRequest, number>>>;
  /** Spans in the accepted requests. */
  readonly spans: number;
  readonly rejected: Readonly<Partial<Record<RejectedSpan, number>>>;
}

export class ReceiverCounters {
  #accepted = 0;
  #spans = 0;
  readonly #refused: Partial<Record<RefusedRequest, number>> = {};
  readonly #rejected: Partial<Record<RejectedSpan, number>> = {};

  accept(spans: number): void {
    this.#accepted++;
    this.#spans += spans;
  }

  refuse(cause: RefusedRequest): void {
    this.#refused[cause] = (this.#refused[cause] ?? 0) + 1;
  }

  reject(cause: RejectedSpan, spans: number): void {
    if (spans > 0) this.#rejected[cause] = (this.#rejected[cause] ?? 0) + spans;
  }

  read(): ReceiverStats {
    return {
      accepted: this.#accepted,
      refused: { ...this.#refused },
      spans: this.#spans,
      rejected: { ...this.#rejected },
    };
  }
}
