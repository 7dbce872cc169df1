// Room for many short lists of numbers: a few large buffers instead of one small buffer for each list.

const CHUNK = 1 << 16;

/** Copies lists of numbers into shared buffers. A buffer stays as long as one of its lists does. */
export class Arena {
  #whole = new Uint32Array(0);
  #wholeUsed = 0;
  #real = new Float64Array(0);
  #realUsed = 0;

  /** Whole numbers from 0 to 4 294 967 295. */
  wholeNumbers(values: readonly number[]): Uint32Array {
    if (this.#wholeUsed + values.length > this.#whole.length) {
      this.#whole = new Uint32Array(Math.max(CHUNK, values.length));
      this.#wholeUsed = 0;
    }
    const list = this.#whole.subarray(this.#wholeUsed, this.#wholeUsed + values.length);
    list.set(values);
    this.#wholeUsed += values.length;
    return list;
  }

  numbers(values: readonly number[]): Float64Array {
    if (this.#realUsed + values.length > this.#real.length) {
      this.#real = new Float64Array(Math.max(CHUNK, values.length));
      this.#realUsed = 0;
    }
    const list = this.#real.subarray(this.#realUsed, this.#realUsed + values.length);
    list.set(values);
    this.#realUsed += values.length;
    return list;
  }
}
