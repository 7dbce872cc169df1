// Random trace and span ids, made for many spans at a time.

import { randomFillSync } from 'node:crypto';
import type { IdGenerator } from '@opentelemetry/sdk-trace';

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
const POOL_BYTES = 4096;

/** Ids of bytes that are all random, which the random flag of W3C Trace Context level 2 promises; never all zeros. */
export class RandomIds implements IdGenerator {
  readonly #pool = Buffer.alloc(POOL_BYTES);
  #at = POOL_BYTES;

  generateTraceId(): string {
    return this.#take(TRACE_ID_BYTES);
  }

  generateSpanId(): string {
    return this.#take(SPAN_ID_BYTES);
  }

  #take(bytes: number): string {
    let id: string;
    do {
      if (this.#at + bytes > POOL_BYTES) {
        randomFillSync(this.#pool);
        this.#at = 0;
      }
      id = this.#pool.toString('hex', this.#at, this.#at + bytes);
      this.#at += bytes;
    } while (isZero(id));
    return id;
  }
}

/** An id of zeros only is invalid (W3C Trace Context, "trace-id"). */
function isZero(id: string): boolean {
  return id.startsWith('00000000') && /^0+$/.test(id);
}
