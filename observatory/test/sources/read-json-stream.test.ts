// Splitting a stream into JSON values: how much of it is held at once.
import { describe, expect, test } from '@jest/globals';
import { readJsonStream } from '../../src/sources/read-json-stream.ts';
import { sourceErrorOf } from './source-error-of.ts';

async function* chunksOf(...chunks: string[]): AsyncGenerator<string> {
  yield* chunks;
}

async function valuesOf(chunks: AsyncIterable<string>, maxCharacters: number): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const { value } of readJsonStream('f', chunks, maxCharacters)) values.push(value);
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
    expect(error.message).toContain('more than 5 characters; write it as JSON lines');
  });

  test('ends reading at once: a stream without end is not held', async () => {
    let given = 0;
    async function* endless(): AsyncGenerator<string> {
      for (;;) {
        given += 1;
        yield 'x'.repeat(10);
      }
    }
    await sourceErrorOf(valuesOf(endless(), 100));
    expect(given).toBeLessThan(20);
  });
});
