// A look at the first bytes of a stream without losing them.

export interface Peeked {
  /** At least as many bytes as were asked for, or all there are. */
  readonly head: Buffer;
  /** Everything, the head too. */
  readonly all: AsyncIterable<Buffer>;
}

async function* join(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (head.length > 0) yield head;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** Reads until `bytes` bytes are there. */
export async function peek(chunks: AsyncIterable<Buffer>, bytes: number): Promise<Peeked> {
  const rest = chunks[Symbol.asyncIterator]();
  const pieces: Buffer[] = [];
  let length = 0;
  while (length < bytes) {
    const next = await rest.next();
    if (next.done === true) break;
    pieces.push(next.value);
    length += next.value.length;
  }
  const [first] = pieces;
  const head = first !== undefined && pieces.length === 1 ? first : Buffer.concat(pieces);
  return { head, all: join(head, rest) };
}
