// Files of every layout and packing, whole, cut off and damaged.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fileSource } from '../../../src/sources/index.ts';
import type { Span } from '../../../src/trace/span.ts';
import { spansToOtlpJson } from '../../../src/wire/otlp-json.ts';
import { encodeResource, encodeScope, encodeSpan } from '../../../src/wire/protobuf/encode-span.ts';
import { draw, TRACE_ID } from '../../trace/draw.ts';
import { sourceErrorOf } from '../source-error-of.ts';

const LEN = WireType.LengthDelimited;
const { spans } = draw(`
  gateway POST /checkout [server] |======|
    gateway pay [client]          | ==== |
      payment charge [server]     |  ==  |
`);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'longpole-layouts-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(content: string | Uint8Array): string {
  const path = join(folder, 'traces');
  writeFileSync(path, content);
  return path;
}

/** One ResourceSpans a span, as TracesData. */
function toProtobuf(some: readonly Span[]): Buffer {
  const writer = new BinaryWriter();
  for (const span of some) {
    writer.tag(1, LEN).fork();
    writer.tag(1, LEN).bytes(encodeResource(span.resource));
    writer
      .tag(2, LEN)
      .fork()
      .tag(1, LEN)
      .bytes(encodeScope(span.scope))
      .tag(2, LEN)
      .bytes(encodeSpan(span))
      .join();
    writer.join();
  }
  return Buffer.from(writer.finish());
}

function withLength(message: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  return Buffer.concat([length, message]);
}

const json = (some: readonly Span[]) => JSON.stringify(spansToOtlpJson(some));
const lines = spans.map((span) => `${json([span])}\n`).join('');
const messages = spans.map((span) => withLength(toProtobuf([span])));

async function read(content: string | Uint8Array): Promise<{ spans: readonly Span[]; warnings: string[] }> {
  const warnings: string[] = [];
  const onWarning = (text: string): void => {
    warnings.push(text);
  };
  const source = fileSource(fileOf(content));
  const listed: Span[] = [];
  for await (const trace of source.list({}, { onWarning })) listed.push(...trace.spans);
  const trace = await source.read(TRACE_ID, { onWarning: () => undefined });
  expect(trace.spans).toEqual(listed);
  return { spans: listed, warnings };
}

describe('what is read', () => {
  test.each<[string, string | Uint8Array]>([
    ['protobuf', toProtobuf(spans)],
    ['protobuf messages with their length', Buffer.concat(messages)],
    ['JSON messages with their length', withLength(Buffer.from(json(spans)))],
    [
      'messages packed one by one, as the file exporter does with compression: zstd',
      Buffer.concat([
        withLength(zstdCompressSync(toProtobuf(spans.slice(0, 2)))),
        withLength(zstdCompressSync(toProtobuf(spans.slice(2)))),
      ]),
    ],
    ['JSON lines in gzip', gzipSync(lines)],
    ['JSON lines in zstd', zstdCompressSync(lines)],
    ['protobuf in gzip', gzipSync(toProtobuf(spans))],
    ['gzip in gzip', gzipSync(gzipSync(lines))],
    ['several gzip files in one', Buffer.concat([gzipSync(lines.slice(0, 100)), gzipSync(lines.slice(100))])],
    [
      'several zstd files in one',
      Buffer.concat([zstdCompressSync(lines.slice(0, 100)), zstdCompressSync(lines.slice(100))]),
    ],
    ['Tempo’s answer', JSON.stringify({ batches: spansToOtlpJson(spans).resourceSpans })],
    ['Tempo’s answer, API v2', JSON.stringify({ trace: spansToOtlpJson(spans) })],
    ['JSON that begins with a line feed and a brace', `\n{\n${json(spans).slice(1)}`],
  ])('%s', async (_, content) => {
    const { spans: found, warnings } = await read(content);
    expect(found).toEqual(spans);
    expect(warnings).toEqual([]);
  });

  test('spans of OTLP before 0.15, which called its scopes libraries', async () => {
    const old = json(spans)
      .replaceAll('"scopeSpans"', '"instrumentationLibrarySpans"')
      .replaceAll('"scope"', '"instrumentationLibrary"');
    expect((await read(old)).spans).toEqual(spans);
  });

  test('other signals of the Collector in between are passed over', async () => {
    const mixed = `{"resourceMetrics":[]}\n${lines}{"resourceLogs":[]}\n`;
    expect((await read(mixed)).spans).toEqual(spans);
  });
});

describe('what is said', () => {
  test.each<[string, string | Uint8Array, RegExp]>([
    [
      'a last line that is cut off',
      lines.slice(0, -20),
      /traces, line 3: the JSON ends in the middle; .*; it was skipped\.$/,
    ],
    [
      'a last message that is cut off',
      Buffer.concat(messages).subarray(0, -9),
      /byte [\d ]+: the message ends in the middle/,
    ],
    [
      'protobuf that is cut off',
      toProtobuf(spans).subarray(0, -9),
      /byte [\d ]+: the message ends in the middle/,
    ],
    [
      'gzip that is cut off',
      gzipSync(lines.repeat(2_000)).subarray(0, -9),
      /the gzip data ends in the middle/,
    ],
    [
      'zstd that is cut off',
      zstdCompressSync(lines.repeat(2_000)).subarray(0, -9),
      /the zstd data ends in the middle/,
    ],
    [
      'a line that is no JSON',
      lines.replace('}\n', '}\nhello\n'),
      /line 2: this is not JSON \(.*\); it was skipped\.$/,
    ],
    [
      'a line of something else',
      lines.replace('}\n', '}\n{"name":1}\n'),
      /line 2: this JSON is not a format of traces; .*; it was skipped\.$/,
    ],
    [
      'a line with a bad value',
      lines.replace('}\n', '}\n{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":1}]}]}]}\n'),
      /line 2: resourceSpans\[0\]\.scopeSpans\[0\]\.spans\[0\]\.traceId: .*; it was skipped\.$/,
    ],
    [
      'two formats',
      `${lines}[{"traceId":"${TRACE_ID}","id":"00000000000000ff","timestamp":1700000000000000,"duration":5}]\n`,
      /mixes formats: OTLP JSON \(3\), Zipkin JSON \(1\); all of them were read\.$/,
    ],
    [
      'a span without a valid id',
      Buffer.concat([toProtobuf(spans), toProtobuf([{ ...(spans[0] as Span), spanId: '00' }])]),
      /: 1 span without a valid id or time was left out\.$/,
    ],
  ])('%s: the rest is read', async (_, content, warning) => {
    const { spans: found, warnings } = await read(content);
    expect(found.length).toBeGreaterThanOrEqual(2);
    expect(warnings).toEqual([expect.stringMatching(warning)]);
  });

  test('many bad lines: three are named, the rest is counted', async () => {
    const { warnings } = await read(`${lines}${'hello\n'.repeat(1_005)}`);
    expect(warnings).toHaveLength(4);
    expect(warnings[3]).toMatch(/: 1 002 more pieces could not be read and were skipped\.$/);
  });

  test('to somebody who does not listen to warnings, as an error', async () => {
    const error = await sourceErrorOf(fileSource(fileOf(lines.slice(0, -20))).read(undefined));
    expect(error.code).toBe('ERR_LONGPOLE_FILE_TRUNCATED');
  });
});

describe('what is no file of traces', () => {
  test.each<[string, string | Uint8Array, string, RegExp]>([
    [
      'a web page',
      '<!doctype html><title>Login</title>',
      'FORMAT',
      /is a web page or XML, perhaps the answer of a proxy/,
    ],
    [
      'a program',
      Buffer.from('7f454c4602010100000000', 'hex'),
      'FORMAT',
      /it begins with the bytes 7f 45 4c 46 02 01 01 00\)/,
    ],
    ['UTF-16', Buffer.from(`\uFEFF${lines}`, 'utf16le'), 'FORMAT', /is UTF-16 text; write it as UTF-8/],
    ['a zip archive', Buffer.from('504b03040a0000', 'hex'), 'FORMAT', /is a zip archive/],
    [
      'damaged gzip',
      Buffer.concat([gzipSync(lines).subarray(0, 30), Buffer.alloc(200, 1)]),
      'FORMAT',
      /the gzip data is damaged/,
    ],
    [
      'the beginning of gzip',
      Buffer.from('1f8b080000', 'hex'),
      'TRUNCATED',
      /the gzip data ends in the middle/,
    ],
    [
      'damaged protobuf',
      Buffer.concat([toProtobuf(spans).subarray(0, 40), Buffer.alloc(400, 255)]),
      'FORMAT',
      /byte|varint/,
    ],
    ['an empty gzip file', gzipSync(''), 'EMPTY', /is empty/],
    ['Zipkin v1', '[{"traceId":"1","id":"1","binaryAnnotations":[]}]', 'FORMAT', /Zipkin v2/],
  ])('%s', async (_, content, code, message) => {
    const error = await sourceErrorOf(
      fileSource(fileOf(content)).read(undefined, { onWarning: () => undefined }),
    );
    expect(error.code).toBe(`ERR_LONGPOLE_FILE_${code}`);
    expect(error.message).toMatch(message);
    expect(error.message).toContain(join(folder, 'traces'));
  });
});
