// Takes gzip and zstd off, however often, told by the first bytes.
import { pipeline } from 'node:stream';
import { createGunzip, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { SourceError } from '../source-error.ts';
import { peek } from './peek.ts';
import { type Piece, placeOf } from './piece.ts';
import { unzstd } from './unzstd.ts';

interface Packing {
  readonly name: string;
  readonly magic: Buffer;
  readonly stream: (chunks: AsyncIterable<Buffer>) => AsyncIterable<Buffer>;
  readonly whole: (bytes: Buffer) => Buffer;
}

function gunzip(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  return pipeline(chunks, createGunzip(), () => undefined);
}

const PACKINGS: readonly Packing[] = [
  { name: 'gzip', magic: Buffer.from('1f8b08', 'hex'), stream: gunzip, whole: gunzipSync },
  {
    name: 'zstd',
    magic: Buffer.from('28b52ffd', 'hex'),
    stream: unzstd,
    whole: zstdDecompressSync,
  },
];

/** Packed twice happens, packed without end is an attack. */
const MOST_LAYERS = 3;
const MAGIC_BYTES = 4;

function packingOf(head: Buffer): Packing | undefined {
  return PACKINGS.find(({ magic }) => head.subarray(0, magic.length).equals(magic));
}

/** Whether the bytes begin as a packed stream does. */
export function isPacked(head: Buffer): boolean {
  return packingOf(head) !== undefined;
}

function damaged(name: string, packing: Packing, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (error instanceof SourceError || !/^(Z_|ZSTD_|ERR_)/.test(code)) return error;
  const message = (error as Error).message;
  if (code === 'Z_BUF_ERROR' || code === 'ZSTD_error_srcSize_wrong' || /unexpected end/i.test(message)) {
    const text = `${name}: the ${packing.name} data ends in the middle; the file is cut off, or is still being written.`;
    return new SourceError('ERR_LONGPOLE_FILE_TRUNCATED', text, error);
  }
  const text = `${name}: the ${packing.name} data is damaged (${message}).`;
  return new SourceError('ERR_LONGPOLE_FILE_FORMAT', text, error);
}

async function* unpackStream(
  name: string,
  chunks: AsyncIterable<Buffer>,
  packing: Packing,
): AsyncGenerator<Buffer> {
  try {
    yield* packing.stream(chunks);
  } catch (error) {
    throw damaged(name, packing, error);
  }
}

/** The bytes as they were before they were packed. */
export async function* unpack(name: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let current = chunks;
  for (let layer = 0; layer < MOST_LAYERS; layer += 1) {
    const { head, all } = await peek(current, MAGIC_BYTES);
    current = all;
    const packing = packingOf(head);
    if (packing === undefined) break;
    current = unpackStream(name, all, packing);
  }
  yield* current;
}

/** One packed message of its own, as the Collector's file exporter writes them; anything else as it is. */
export function unpackMessage(name: string, piece: Piece): Buffer {
  const { bytes } = piece;
  const packing = packingOf(bytes);
  if (packing === undefined) return bytes;
  try {
    return packing.whole(bytes);
  } catch (error) {
    throw damaged(placeOf(name, piece), packing, error);
  }
}
