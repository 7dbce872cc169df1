// Bytes that can be read from their beginning more than once: a file, or a stream that was kept.
import { appendFile, createReadStream, openSync, type Stats } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SourceError } from '../source-error.ts';

export type Chunks = AsyncIterable<Uint8Array | string>;

export interface Bytes {
  /** For sentences. */
  readonly name: string;
  /** How many there are; `undefined` where it cannot be known, as of a pipe. */
  size(): Promise<number | undefined>;
  /** All of them, from the first one on. */
  open(): AsyncIterable<Buffer>;
}

const CHUNK_BYTES = 256 * 1024;
/** A stream up to this length is kept in memory, a longer one in a temporary file. */
const KEPT_IN_MEMORY = 32 * 1024 * 1024;

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read by this user',
  EISDIR: 'it is a directory',
};

function unreadable(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined || error instanceof SourceError) return error;
  const text = `${path} cannot be read: ${WHY[code] ?? code}.`;
  return new SourceError('ERR_LONGPOLE_FILE_UNREADABLE', text, error);
}

async function* readFile(path: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>;
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function statOf(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

const append = promisify(appendFile);

/** The descriptor of a temporary file without a name: it is gone when the process is. */
async function openTemporary(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'longpole-'));
  const descriptor = openSync(join(folder, 'input'), 'w+', 0o600);
  await rm(folder, { recursive: true });
  return descriptor;
}

/** What was kept of a stream: the pieces in memory, or the file they went to. */
interface Kept {
  readonly pieces: readonly Buffer[];
  /** A descriptor. */
  readonly file: number | undefined;
  readonly size: number;
}

async function keep(chunks: Chunks): Promise<Kept> {
  let pieces: Buffer[] = [];
  let file: number | undefined;
  let size = 0;
  for await (const chunk of chunks) {
    const piece = typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk);
    size += piece.length;
    pieces.push(piece);
    if (file === undefined && size <= KEPT_IN_MEMORY) continue;
    file ??= await openTemporary();
    await append(file, Buffer.concat(pieces));
    pieces = [];
  }
  return { pieces, file, size };
}

async function* readKept({ pieces, file }: Kept): AsyncGenerator<Buffer> {
  yield* pieces;
  if (file === undefined) return;
  const options = { fd: file, start: 0, autoClose: false, highWaterMark: CHUNK_BYTES };
  yield* createReadStream('', options) as AsyncIterable<Buffer>;
}

/** The bytes of a stream that can itself be read only once, such as standard input. */
export function streamBytes(name: string, chunks: Chunks): Bytes {
  let kept: Promise<Kept> | undefined;
  const whole = (): Promise<Kept> => {
    kept ??= keep(chunks);
    return kept;
  };
  return {
    name,
    size: async () => (await whole()).size,
    open: async function* () {
      yield* readKept(await whole());
    },
  };
}

/** The bytes of the file at `path`. A pipe with a name (`<(zcat …)`, /dev/stdin, a FIFO) is kept as a stream is. */
export function fileBytes(path: string): Bytes {
  let found: Promise<Bytes> | undefined;
  const look = async (): Promise<Bytes> => {
    const stats = await statOf(path);
    if (!stats.isFile() && !stats.isDirectory()) return streamBytes(path, readFile(path));
    return { name: path, size: async () => stats.size, open: () => readFile(path) };
  };
  const bytes = (): Promise<Bytes> => {
    found ??= look();
    return found;
  };
  return {
    name: path,
    size: async () => (await bytes()).size(),
    open: async function* () {
      yield* (await bytes()).open();
    },
  };
}
