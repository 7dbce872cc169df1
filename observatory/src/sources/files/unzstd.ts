// Unpacks zstd frame after frame: Node's decompressor ends with the first, and pzstd and appended files have many.
import { pipeline } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';

/** Chunks on their way into decompressors, of which one may give back what it did not take. */
class Feed {
  readonly #input: AsyncIterator<Buffer>;
  #back: Buffer[] = [];
  /** Given to the decompressor at work, as far as it may still give them back. */
  #given: Buffer[] = [];
  /** Bytes of this frame before those in `#given`. */
  #before = 0;

  constructor(input: AsyncIterator<Buffer>) {
    this.#input = input;
  }

  async next(): Promise<Buffer | undefined> {
    const known = this.#back.shift();
    if (known !== undefined) return known;
    const next = await this.#input.next();
    return next.done === true ? undefined : next.value;
  }

  /** Whether there is anything left. */
  async hasMore(): Promise<boolean> {
    const chunk = await this.next();
    if (chunk === undefined) return false;
    this.#back.unshift(chunk);
    return true;
  }

  /** All chunks; those that `taken` says are used up need not be kept. */
  async *give(taken: () => number): AsyncGenerator<Buffer> {
    for (let chunk = await this.next(); chunk !== undefined; chunk = await this.next()) {
      this.#given.push(chunk);
      yield chunk;
      while (this.#given.length > 1 && this.#before + (this.#given[0]?.length ?? 0) <= taken()) {
        this.#before += this.#given.shift()?.length ?? 0;
      }
    }
  }

  /** The frame has ended after `taken` bytes of what it was given. */
  endFrame(taken: number): void {
    const rest = Buffer.concat(this.#given).subarray(taken - this.#before);
    if (rest.length > 0) this.#back.unshift(rest);
    this.#given = [];
    this.#before = 0;
  }

  async close(): Promise<void> {
    await this.#input.return?.();
  }
}

/** What the zstd frames in `chunks` hold; errors are those of `node:zlib`. */
export async function* unzstd(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const feed = new Feed(chunks[Symbol.asyncIterator]());
  try {
    while (await feed.hasMore()) {
      const frame = createZstdDecompress();
      pipeline(
        feed.give(() => frame.bytesWritten),
        frame,
        () => undefined,
      );
      yield* frame as AsyncIterable<Buffer>;
      feed.endFrame(frame.bytesWritten);
    }
  } finally {
    await feed.close();
  }
}
