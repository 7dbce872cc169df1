// Traces out of a file whose spans come in any order: each whole and once, however few spans may be held.
import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Bytes } from '../../../src/sources/files/bytes.ts';
import { gatherTraces } from '../../../src/sources/files/gather-traces.ts';
import { ReadReport } from '../../../src/sources/files/read-report.ts';
import { indexTraces } from '../../../src/sources/files/trace-index.ts';
import { type ReadEvents, streamSource } from '../../../src/sources/index.ts';
import type { Span } from '../../../src/trace/span.ts';
import { spansToOtlpJson } from '../../../src/wire/otlp-json.ts';
import { makeSpan } from '../../trace/draw.ts';

type Line = readonly Span[];

function toText(lines: readonly Line[]): string {
  return lines.map((line) => `${JSON.stringify(spansToOtlpJson(line))}\n`).join('');
}

async function* chunksOf(text: string): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000);
}

/** `traceId/spanId` of every span, one list a trace. */
async function listed(text: string, maxOpenSpans: number, events?: ReadEvents): Promise<string[][]> {
  const traces: string[][] = [];
  for await (const { traceId, spans } of streamSource('f', chunksOf(text), maxOpenSpans).list({}, events)) {
    expect(spans.every((span) => span.traceId === traceId)).toBe(true);
    traces.push(spans.map((span) => `${traceId}/${span.spanId}`).sort());
  }
  return traces.sort();
}

function expected(lines: readonly Line[]): string[][] {
  const traces = new Map<string, string[]>();
  for (const { traceId, spanId } of lines.flat()) {
    traces.set(traceId, [...(traces.get(traceId) ?? []), `${traceId}/${spanId}`]);
  }
  return [...traces.values()].map((ids) => ids.sort()).sort();
}

const anyId = fc.bigInt({ min: 1n, max: 2n ** 128n - 1n }).map((id) => id.toString(16).padStart(32, '0'));
const anyLines: fc.Arbitrary<Line[]> = fc.uniqueArray(anyId, { minLength: 1, maxLength: 12 }).chain((ids) =>
  fc
    .array(fc.array(fc.constantFrom(...ids), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 25 })
    .map((lines) => {
      let count = 0;
      return lines.map((line) =>
        line.map((traceId) => {
          count += 1;
          return { ...makeSpan({}), traceId, spanId: count.toString(16).padStart(16, '0') };
        }),
      );
    }),
);

/** How often a file is read to list it: 64 traces of four spans each, joined span by span, 64 spans held at most. */
async function passesOver(idOf: (i: number) => string): Promise<number> {
  const spans = Array.from({ length: 256 }, (_, i) => {
    return { ...makeSpan({}), traceId: idOf(i % 64), spanId: (i + 1).toString(16).padStart(16, '0') };
  });
  const text = Buffer.from(toText(spans.map((span) => [span])));
  let passes = 0;
  const bytes: Bytes = {
    name: 'f',
    size: async () => text.length,
    open: async function* () {
      passes += 1;
      yield text;
    },
  };
  const report = new ReadReport('f', undefined);
  const index = await indexTraces(bytes, report);
  let traces = 0;
  for await (const trace of gatherTraces(bytes, index, report, 64))
    traces += trace.spans.length === 4 ? 1 : 0;
  expect(traces).toBe(64);
  return passes;
}

describe('listing a file', () => {
  test.each<[string, (i: number) => string]>([
    ['random', (i) => createHash('md5').update(String(i)).digest('hex')],
    ['the same at their ends', (i) => `${(i + 1).toString(16).padStart(8, '0')}${'0'.repeat(24)}`],
    ['counted', (i) => (i + 1).toString(16).padStart(32, '0')],
  ])('takes few passes, with ids that are %s', async (_, idOf) => {
    expect(await passesOver(idOf)).toBeLessThanOrEqual(12);
  });

  test('gives each trace whole and once, in whatever order and under whatever bound', async () => {
    await fc.assert(
      fc.asyncProperty(anyLines, fc.integer({ min: 1, max: 40 }), async (lines, maxOpenSpans) => {
        expect(await listed(toText(lines), maxOpenSpans)).toEqual(expected(lines));
      }),
      { numRuns: 60 },
    );
  });

  test('understands ids that only parsing tells: base64 and capitals', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const lines = [1, 2, 3].map((i) => [{ ...makeSpan({}), traceId, spanId: String(i).repeat(16) }]);
    const base64 = Buffer.from(traceId, 'hex').toString('base64');
    const [first = '', second = '', third = ''] = toText(lines).split('\n');
    const text = [first, second.replace(traceId, base64), third.replace(traceId, traceId.toUpperCase())].join(
      '\n',
    );
    expect(await listed(text, 100)).toEqual(expected(lines));
  });

  test('tells each warning once, however often the file is read', async () => {
    const lines = Array.from({ length: 30 }, (_, i) => [
      { ...makeSpan({}), traceId: String((i % 10) + 10).repeat(16), spanId: String(i + 10).repeat(8) },
    ]);
    const warnings: string[] = [];
    const progress: number[] = [];
    const found = await listed(`${toText(lines)}hello\n`, 3, {
      onWarning: (text) => warnings.push(text),
      onProgress: ({ traces, spans }) => progress.push(traces, spans),
    });
    expect(found).toEqual(expected(lines));
    expect(warnings).toEqual([expect.stringContaining('line 31: this is not JSON')]);
    expect(progress.slice(-2)).toEqual([10, 30]);
  });
});
