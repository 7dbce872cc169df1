// Reads the body of a request: decompressed, within the bounds of one body and of all bodies at one time.
import type { IncomingMessage } from 'node:http';
import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { BodyError } from './body-error.ts';
import type { Share } from './in-flight.ts';

/** What comes out of decompression at once. */
const CHUNK = { chunkSize: 64 * 1024 };

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip(CHUNK),
  deflate: () => createInflate(CHUNK),
  br: () => createBrotliDecompress(CHUNK),
  zstd: () => createZstdDecompress(CHUNK),
};

/** Content encodings that are understood. */
export const ENCODINGS: readonly string[] = ['identity', ...Object.keys(DECODERS)];

export function encodingOf(req: IncomingMessage): string {
  return (req.headers['content-encoding'] ?? 'identity').toLowerCase();
}

/** Bytes that the request says its body has, as it is sent. */
export function announcedBytes(req: IncomingMessage): number {
  return Number(req.headers['content-length'] ?? 0);
}

class BodyReader {
  readonly #req: IncomingMessage;
  readonly #stream: Readable;
  readonly #maxBytes: number;
  readonly #share: Share;
  readonly #announced: number;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(req: IncomingMessage, maxBytes: number, share: Share) {
    const decoder = DECODERS[encodingOf(req)]?.();
    this.#req = req;
    this.#stream = decoder === undefined ? req : req.pipe(decoder);
    this.#maxBytes = maxBytes;
    this.#share = share;
    this.#announced = announcedBytes(req);
  }

  read(): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      let isSettled = false;
      const fail = (error: BodyError): void => {
        if (isSettled) return;
        isSettled = true;
        this.#giveUp(() => reject(error));
      };
      this.#stream.on('data', (chunk: Buffer) => {
        const problem = isSettled ? undefined : this.#take(chunk);
        if (problem !== undefined) fail(problem);
      });
      this.#stream.on('end', () => {
        if (isSettled) return;
        isSettled = true;
        resolve(
          this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks, this.#bytes),
        );
      });
      this.#stream.on('error', (cause: Error) => fail(this.#unreadable(cause)));
      this.#req.on('close', () => {
        if (!this.#req.complete) fail(new BodyError('aborted', 'The request was aborted'));
      });
    });
  }

  /** Keeps a chunk, or says why not. */
  #take(chunk: Buffer): BodyError | undefined {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) return new BodyError('tooLarge', 'The body is too large');
    if (this.#bytes > this.#announced && !this.#share.hold(this.#bytes)) {
      return new BodyError('overloaded', 'There is no room for the body');
    }
    this.#chunks.push(chunk);
    return undefined;
  }

  #unreadable(cause: Error): BodyError {
    const isAborted = this.#stream === this.#req;
    return new BodyError(isAborted ? 'aborted' : 'unreadable', cause.message);
  }

  /** Lets the rest of the request pass by unread: many clients hear an answer only after they have sent everything. */
  #giveUp(then: () => void): void {
    this.#chunks.length = 0;
    this.#share.hold(0);
    if (this.#stream !== this.#req) {
      this.#req.unpipe();
      this.#stream.destroy();
    }
    if (this.#req.complete || this.#req.destroyed) {
      then();
      return;
    }
    this.#req.once('end', then).once('close', then);
    this.#req.resume();
  }
}

/**
 * The whole body of a request.
 * @throws BodyError when it is too large, is not what its encoding promises, or does not come to its end.
 */
export function readBody(req: IncomingMessage, maxBytes: number, share: Share): Promise<Buffer> {
  return new BodyReader(req, maxBytes, share).read();
}
