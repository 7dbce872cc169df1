// Cutting a stream of JSON text into values: how much of it is held at once.
import { describe, expect, test } from '@jest/globals';
import { jsonPieces } from '../../../src/sources/files/json-pieces.ts';
import { sourceErrorOf } from '../source-error-of.ts';

async function* chunksOf(...chunks: string[]): AsyncGenerator<Buffer> {
  yield* chunks.map((chunk) => Buffer.from(chunk));
}

async function valuesOf(chunks: AsyncIterable<Buffer>, maxBytes: number): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const pieces of jsonPieces('f', chunks, maxBytes)) {
    for (const { bytes } of pieces) values.push(JSON.parse(bytes.toString()));
  }
  return values;
}

describe('the bound on a document', () => {
  test('does not count lines together', async () => {
    expect(await valuesOf(chunksOf('[1]\n[2]\n', '[3]\n[4', ']'), 5)).toEqual([[1], [2], [3], [4]]);
  });

  test.each([
    ['one long line', ['[1,', '2,', '3]']],
    ['many lines', ['[\n1,\n2,\n3\n]']],
    ['a long line after others', ['[1]\n', '[1,2,3]\n']],
  ])('refuses %s', async (_, chunks) => {
    const error = await sourceErrorOf(valuesOf(chunksOf(...chunks), 5));
    expect(error.code).toBe('ERR_LONGPOLE_SOURCE_TOO_LARGE');
    expect(error.message).toContain('more than 5 bytes; write it as JSON lines');
  });

  test('ends reading at once: a stream without end is not held', async () => {
    let given = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) {
        given += 1;
        yield Buffer.alloc(10, 'x');
      }
    }
    await sourceErrorOf(valuesOf(endless(), 100));
    expect(given).toBeLessThan(20);
  });
});
