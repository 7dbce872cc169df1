// Reads one HTTP answer as it comes, as far as is needed to know when it is complete and whether it is good.

const END_OF_HEAD = '\r\n\r\n';
const LAST_CHUNK = '0\r\n\r\n';

/** Understands answers with a length, in chunks without trailers, and without a body. */
export class Answer {
  #head = '';
  #bytesLeft: number | undefined;
  #tail = '';
  status = 0;

  /** Takes the next bytes; returns whether the answer is complete. */
  read(bytes: Buffer): boolean {
    if (this.status !== 0) return this.#readBody(bytes);
    this.#head += bytes.toString('latin1');
    const end = this.#head.indexOf(END_OF_HEAD);
    if (end < 0) return false;
    const body = this.#head.length - end - END_OF_HEAD.length;
    this.#readHead(this.#head.slice(0, end));
    return this.#readBody(bytes.subarray(bytes.length - body));
  }

  #readHead(head: string): void {
    this.status = Number(head.slice(9, 12));
    const isChunked = /^transfer-encoding: *chunked/im.test(head);
    const length = /^content-length: *(\d+)/im.exec(head)?.[1];
    this.#bytesLeft = isChunked ? undefined : Number(length ?? 0);
  }

  #readBody(bytes: Buffer): boolean {
    if (this.#bytesLeft !== undefined) {
      this.#bytesLeft -= bytes.length;
      return this.#bytesLeft <= 0;
    }
    this.#tail = (this.#tail + bytes.subarray(-LAST_CHUNK.length).toString('latin1')).slice(
      -LAST_CHUNK.length,
    );
    return this.#tail === LAST_CHUNK;
  }
}
