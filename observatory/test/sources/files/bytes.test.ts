// Standard input is kept so that it can be read again: in memory, and in a temporary file when it is long.
import { expect, test } from '@jest/globals';
import { streamBytes } from '../../../src/sources/files/bytes.ts';

const MIB = 1024 * 1024;

async function* chunksOf(count: number): AsyncGenerator<Buffer> {
  for (let i = 0; i < count; i += 1) yield Buffer.alloc(MIB, i + 1);
}

async function contentOf(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const chunk of chunks) pieces.push(chunk);
  return Buffer.concat(pieces);
}

test.each([
  ['short', 2],
  ['long', 40],
])('a %s stream can be read more than once, also side by side', async (_, mebibytes) => {
  const bytes = streamBytes('standard input', chunksOf(mebibytes));
  const expected = await contentOf(chunksOf(mebibytes));
  expect(await bytes.size()).toBe(mebibytes * MIB);
  expect((await contentOf(bytes.open())).equals(expected)).toBe(true);
  const both = await Promise.all([contentOf(bytes.open()), contentOf(bytes.open())]);
  expect(both.every((content) => content.equals(expected))).toBe(true);
});

test('a stream that fails, fails every reading of it', async () => {
  async function* broken(): AsyncGenerator<Buffer> {
    yield Buffer.from('x');
    throw new Error('the pipe broke');
  }
  const bytes = streamBytes('standard input', broken());
  await expect(bytes.size()).rejects.toThrow('the pipe broke');
  await expect(contentOf(bytes.open())).rejects.toThrow('the pipe broke');
});
