// Reading from files and streams: every format by its content, and files that are broken.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fileSource, streamSource } from '../../src/sources/file-source.ts';
import type { Trace } from '../../src/trace/span.ts';
import { tracesToJaegerJson } from '../../src/wire/jaeger-json.ts';
import { spansToOtlpJson } from '../../src/wire/otlp-json.ts';
import { draw, TRACE_ID } from '../trace/draw.ts';
import { sourceErrorOf } from './source-error-of.ts';

const LATER_ID = 'c'.repeat(32);
const request = draw(`
  gateway GET / [server] |======|
    gateway work         | ==== |
`);
const later: Trace = {
  traceId: LATER_ID,
  spans: request.spans.map((span) => ({
    ...span,
    traceId: LATER_ID,
    startNs: span.startNs + 5n,
    endNs: span.endNs + 5n,
  })),
};
const both = [...request.spans, ...later.spans];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'longpole-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(content: string | Uint8Array): string {
  const path = join(folder, 'traces');
  writeFileSync(path, content);
  return path;
}

async function readText(content: string, traceId?: string): Promise<Trace> {
  return fileSource(fileOf(content)).read(traceId);
}

const otlp = (spans: Trace['spans']) => JSON.stringify(spansToOtlpJson(spans));
const lines = request.spans.map((span) => otlp([span]));

describe('formats', () => {
  test.each<[string, string]>([
    ['OTLP JSON in one line', otlp(request.spans)],
    ['OTLP JSON over many lines', JSON.stringify(spansToOtlpJson(request.spans), undefined, 2)],
    ['OTLP JSON with a byte order mark', `\uFEFF${otlp(request.spans)}`],
    ['the answer of Jaeger’s API v3', JSON.stringify({ result: spansToOtlpJson(request.spans) })],
    ['JSON lines, a span each', `${lines.join('\n')}\n`],
    [
      'JSON lines with blank lines, carriage returns and other signals',
      `\n\r\n{"resourceLogs":[]}\r\n${lines.join('\r\n\r\n')}`,
    ],
    ['a list of exports', `[${lines.join(',')}]`],
    ['Jaeger JSON', JSON.stringify(tracesToJaegerJson([request]))],
    ['one trace of Jaeger JSON', JSON.stringify(tracesToJaegerJson([request]).data[0])],
  ])('%s', async (_, content) => {
    const trace = await readText(content);
    expect(trace.traceId).toBe(TRACE_ID);
    expect(trace.spans.map((span) => [span.service, span.name, span.startNs, span.endNs])).toEqual(
      request.spans.map((span) => [span.service, span.name, span.startNs, span.endNs]),
    );
  });

  test('of several traces the newest, or the one that is asked for', async () => {
    expect((await readText(otlp(both))).traceId).toBe(LATER_ID);
    expect((await readText(otlp(both), TRACE_ID)).spans).toHaveLength(2);
  });

  test('spans of one trace are gathered from all lines', async () => {
    const interleaved = both.map((span) => otlp([span])).join('\n');
    expect((await readText(interleaved, TRACE_ID)).spans).toHaveLength(2);
  });

  test('a stream in pieces that split lines and characters', async () => {
    const named = request.spans.map((span) => ({ ...span, name: 'größe 🙂' }));
    const bytes = Buffer.from(`${otlp(named)}\n`);
    const pieces = Array.from({ length: bytes.length }, (_, i) => bytes.subarray(i, i + 1));
    const trace = await streamSource('standard input', pieces as unknown as AsyncIterable<Uint8Array>).read(
      undefined,
    );
    expect(trace.spans[0]?.name).toBe('größe 🙂');
  });
});

describe('files that cannot be read', () => {
  test('not there, and a directory', async () => {
    const missing = await sourceErrorOf(fileSource(join(folder, 'missing')).read(undefined));
    expect(missing.code).toBe('ERR_LONGPOLE_FILE_UNREADABLE');
    expect(missing.message).toContain('there is no such file');
    expect((await sourceErrorOf(fileSource(folder).read(undefined))).message).toContain('it is a directory');
  });

  test.each(['', ' \n\n '])('empty: %j', async (content) => {
    expect((await sourceErrorOf(readText(content))).code).toBe('ERR_LONGPOLE_FILE_EMPTY');
  });

  test('cut off anywhere', async () => {
    const content = otlp(request.spans);
    for (let length = 1; length < content.length; length += 7) {
      const error = await sourceErrorOf(readText(content.slice(0, length)));
      expect([length, error.code]).toEqual([length, 'ERR_LONGPOLE_FILE_TRUNCATED']);
    }
  });

  test('JSON lines cut off in the last line: it is named', async () => {
    const error = await sourceErrorOf(readText(`${lines[0]}\n${lines[1]?.slice(0, -5)}`));
    expect(error.code).toBe('ERR_LONGPOLE_FILE_TRUNCATED');
    expect(error.message).toMatch(
      /, line 2: the JSON ends in the middle; the file is cut off, or is still being written\.$/,
    );
  });

  test.each<[string, string, RegExp]>([
    ['no JSON', 'hello', /this is not JSON/],
    ['a number', '7', /this JSON is not a format of traces; understood are OTLP JSON/],
    ['another JSON', '{"name":"longpole"}', /line 1: this JSON is not a format of traces/],
    ['a mix of formats', '[{"resourceSpans":[]},{"name":1}]', /this JSON is not a format of traces/],
    [
      'a bad value',
      '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":1}]}]}]}',
      /resourceSpans\[0\]\.scopeSpans\[0\]\.spans\[0\]\.traceId/,
    ],
    [
      'two documents over many lines',
      '{\n "resourceSpans": []\n}\n{\n "resourceSpans": []\n}\n',
      /: a second JSON document begins in line 4; write each in one line/,
    ],
    ['two documents in one line', '{"resourceSpans":[]}\n[] {}', /line 2: a second JSON document begins;/],
    ['text that begins like a number', '2026-11-22 hello', /this is not JSON/],
    ['no JSON in the third line', `${lines.join('\n')}\nhello`, /line 3: this is not JSON/],
  ])('%s', async (_, content, message) => {
    const error = await sourceErrorOf(readText(content));
    expect(error.code).toBe('ERR_LONGPOLE_FILE_FORMAT');
    expect(error.message).toMatch(message);
  });

  test('no spans, and not the trace that is asked for', async () => {
    expect((await sourceErrorOf(readText('{"resourceSpans":[]}'))).code).toBe('ERR_LONGPOLE_NO_TRACES');
    const error = await sourceErrorOf(readText(otlp(request.spans), LATER_ID));
    expect(error.code).toBe('ERR_LONGPOLE_TRACE_NOT_FOUND');
    expect(error.message).toContain(`Trace ${LATER_ID} is not in `);
  });
});
