// Bounds what is being taken in at one time, by requests and by bytes.

/** What one request holds of the bounds. */
export interface Share {
  /** Bytes of its body that are in memory; `false`, and nothing changes, when there is no room for them. */
  hold(bytes: number): boolean;
  /** The request is answered or gone. */
  release(): void;
}

export class InFlight {
  readonly #maxRequests: number;
  readonly #maxBytes: number;
  #requests = 0;
  #bytes = 0;

  constructor(maxRequests: number, maxBytes: number) {
    this.#maxRequests = maxRequests;
    this.#maxBytes = maxBytes;
  }

  get requests(): number {
    return this.#requests;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The share of a request of which so many bytes are announced; `undefined` when there is no room for it. */
  enter(announcedBytes: number): Share | undefined {
    if (this.#requests >= this.#maxRequests || this.#bytes + announcedBytes > this.#maxBytes)
      return undefined;
    this.#requests++;
    let held = 0;
    const hold = (bytes: number): boolean => {
      if (this.#bytes - held + bytes > this.#maxBytes) return false;
      this.#bytes += bytes - held;
      held = bytes;
      return true;
    };
    hold(announcedBytes);
    const release = (): void => {
      hold(0);
      this.#requests--;
    };
    return { hold, release };
  }
}
