// Random trace and span ids, made for many spans at a time.

import { randomFillSync } from 'node:crypto';
import type { IdGenerator } from '@opentelemetry/sdk-trace';

/** Digits of a trace id and of a span id (W3C Trace Context, "trace-id" and "parent-id"). */
const TRACE_ID_DIGITS = 32;
const SPAN_ID_DIGITS = 16;
/** An id is a slice of the pool's digits and may keep all of them in memory, so there are not many. */
const POOL_BYTES = 1024;
const ZERO = '0'.charCodeAt(0);

/** Ids of bytes that are all random, which the random flag of W3C Trace Context level 2 promises; never all zeros. */
export class RandomIds implements IdGenerator {
  readonly #pool = Buffer.alloc(POOL_BYTES);
  #digits = '';
  #at = 0;

  generateTraceId(): string {
    return this.#take(TRACE_ID_DIGITS);
  }

  generateSpanId(): string {
    return this.#take(SPAN_ID_DIGITS);
  }

  #take(length: number): string {
    if (this.#at + length > this.#digits.length) this.#fill();
    const id = this.#digits.slice(this.#at, this.#at + length);
    this.#at += length;
    return isZero(id) ? this.#take(length) : id;
  }

  #fill(): void {
    this.#digits = randomFillSync(this.#pool).toString('hex');
    this.#at = 0;
  }
}

/** An id of zeros only is invalid. */
function isZero(id: string): boolean {
  return id.charCodeAt(0) === ZERO && /^0+$/.test(id);
}
