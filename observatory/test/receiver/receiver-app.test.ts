// The receiver over HTTP: what OTLP 1.11 asks of a server, and what it answers to requests that are wrong.

import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { protobufCodec } from '../../src/receiver/index.ts';
import { StoreError, TraceStore } from '../../src/store/index.ts';
import { post, text } from './over-http.ts';
import { jsonBody, protobufBody, type SpanSeed, spanIdOf, traceIdOf } from './readable-span.ts';
import { receive, receiver, store } from './receiver-here.ts';
import { readPartialSuccess, readStatus } from './rpc-status.ts';

const PROTOBUF = 'application/x-protobuf';
const JSON_TYPE = 'application/json';
const SPAN: SpanSeed = { traceId: traceIdOf(1), spanId: spanIdOf(1), name: 'GET /products/:id' };

describe('POST /v1/traces', () => {
  it.each([
    ['protobuf', PROTOBUF, protobufBody(SPAN), ''],
    ['JSON', JSON_TYPE, jsonBody(SPAN), '{}'],
  ])('takes %s and answers an empty success in the same format', async (_format, type, body, answer) => {
    const response = await post(receive(), body, { 'Content-Type': type });
    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toBe(type);
    expect(text(response)).toBe(answer);
    expect(store.trace(SPAN.traceId)?.spans.map((span) => span.name)).toEqual(['GET /products/:id']);
  });

  it.each([
    ['identity', (body: Buffer) => body],
    ['gzip', (body: Buffer) => gzipSync(body)],
    ['deflate', (body: Buffer) => deflateSync(body)],
    ['br', (body: Buffer) => brotliCompressSync(body)],
    ['zstd', (body: Buffer) => zstdCompressSync(body)],
  ])('takes a body with Content-Encoding %s', async (encoding, compress) => {
    const app = receive();
    for (const [type, body] of [
      [PROTOBUF, protobufBody(SPAN)],
      [JSON_TYPE, jsonBody({ ...SPAN, spanId: spanIdOf(2) })],
    ] as const) {
      const headers = { 'Content-Type': type, 'Content-Encoding': encoding };
      expect((await post(app, compress(body), headers)).status).toBe(200);
    }
    expect(store.stats().spans).toBe(2);
  });

  it('understands a content type in capitals and with a charset', async () => {
    const headers = { 'Content-Type': 'Application/JSON; charset=utf-8' };
    expect((await post(receive(), jsonBody(SPAN), headers)).status).toBe(200);
  });

  it.each([
    [PROTOBUF, Buffer.alloc(0)],
    [JSON_TYPE, Buffer.from('{}')],
    [JSON_TYPE, Buffer.from('{"resourceSpans":[]}')],
  ])('takes an empty request in %s as a success', async (type, body) => {
    expect((await post(receive(), body, { 'Content-Type': type })).status).toBe(200);
    expect(receiver.stats()).toMatchObject({ accepted: 1, spans: 0 });
  });

  it('tells the sender how many spans it could not keep, and why', async () => {
    const seeds: SpanSeed[] = [
      SPAN,
      { ...SPAN, traceId: '0'.repeat(32) },
      { ...SPAN, spanId: '0'.repeat(16) },
      { ...SPAN, spanId: '0'.repeat(16) },
    ];
    const app = receive();
    const protobuf = await post(app, protobufBody(...seeds), { 'Content-Type': PROTOBUF });
    const json = await post(app, jsonBody(...seeds), { 'Content-Type': JSON_TYPE });
    const expected =
      '3 of 4 spans rejected: 1 × trace_id is not 16 bytes or all zero; 2 × span_id is not 8 bytes or all zero';
    expect(readPartialSuccess(protobuf.body as Buffer)).toEqual({
      rejectedSpans: 3n,
      errorMessage: expected,
    });
    expect(JSON.parse(text(json))).toEqual({
      partialSuccess: { rejectedSpans: '3', errorMessage: expected },
    });
    expect(receiver.stats()).toEqual({
      accepted: 2,
      refused: {},
      spans: 8,
      rejected: { invalidTraceId: 2, invalidSpanId: 4 },
    });
  });

  it('tells the sender when a trace is full', async () => {
    const small = new TraceStore({ codec: protobufCodec, maxSpansPerTrace: 1 });
    const body = jsonBody(SPAN, { ...SPAN, spanId: spanIdOf(2) });
    const response = await post(receive({ store: small }), body, { 'Content-Type': JSON_TYPE });
    expect(text(response)).toContain('1 of 2 spans rejected: 1 × the trace has as many spans');
    expect(receiver.stats().rejected).toEqual({ traceTooLarge: 1 });
    small.close();
  });
});

describe('bad requests', () => {
  it('answers 400 with a Status in protobuf that names the byte', async () => {
    const response = await post(receive(), Buffer.from('no protobuf'), { 'Content-Type': PROTOBUF });
    expect(response.status).toBe(400);
    expect(response.headers['content-type']).toBe(PROTOBUF);
    const status = readStatus(response.body as Buffer);
    expect(status.code).toBe(3);
    expect(status.message).toMatch(
      /^The body is not an ExportTraceServiceRequest in protobuf: .* at byte \d+\.$/,
    );
    expect(receiver.stats().refused).toEqual({ badData: 1 });
  });

  it.each([
    ['{"resourceSpans":[', /^The body is not JSON: /],
    ['', /^The body is not JSON: the body is empty; a request without spans is \{\}\.$/],
    ['[]', /in JSON: expected an object, got a list\.$/],
    ['{"resourceSpans":[{"scopeSpans":[{"spans":[7]}]}]}', /resourceSpans\[0\]\.scopeSpans\[0\]\.spans\[0\]/],
    [
      `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"${traceIdOf(1)}","spanId":"${spanIdOf(1)}","startTimeUnixNano":"soon"}]}]}]}`,
      /spans\[0\]\.startTimeUnixNano: expected .*, got "soon"/,
    ],
  ])('answers 400 to the JSON %s', async (body, expected) => {
    const response = await post(receive(), Buffer.from(body), { 'Content-Type': JSON_TYPE });
    expect(response.status).toBe(400);
    const status = JSON.parse(text(response)) as { code: number; message: string };
    expect(status.code).toBe(3);
    expect(status.message).toMatch(expected);
  });

  it('answers 400 to JSON that nests without end', async () => {
    const value = `${'{"arrayValue":{"values":['.repeat(5_000)}{}${']}}'.repeat(5_000)}`;
    const ids = `"traceId":"${traceIdOf(1)}","spanId":"${spanIdOf(1)}"`;
    const body = `{"resourceSpans":[{"scopeSpans":[{"spans":[{${ids},"attributes":[{"key":"a","value":${value}}]}]}]}]}`;
    const response = await post(receive(), Buffer.from(body), { 'Content-Type': JSON_TYPE });
    expect(response.status).toBe(400);
    expect(text(response)).toContain('nested deeper than 64 levels');
  });

  it.each([
    ['not gzip at all', Buffer.from('plain')],
    ['gzip that was cut off', gzipSync(protobufBody(SPAN)).subarray(0, 40)],
  ])('answers 400 to %s', async (_what, body) => {
    const headers = { 'Content-Type': PROTOBUF, 'Content-Encoding': 'gzip' };
    const response = await post(receive(), body, headers);
    expect(response.status).toBe(400);
    expect(readStatus(response.body as Buffer).message).toContain('The body cannot be read');
  });

  it.each([
    ['text/plain', 'Content-Type is "text/plain": send application/x-protobuf or application/json.'],
    [
      'application/grpc',
      'Content-Type is "application/grpc": send application/x-protobuf or application/json.',
    ],
  ])('answers 415 to the content type %s', async (type, message) => {
    const response = await post(receive(), Buffer.from('x'), { 'Content-Type': type });
    expect(response.status).toBe(415);
    expect(JSON.parse(text(response))).toEqual({ code: 3, message });
  });

  it('answers 415 without a content type, and to an unknown encoding', async () => {
    const app = receive();
    const none = await request(app).post('/v1/traces');
    expect(none.status).toBe(415);
    const headers = { 'Content-Type': PROTOBUF, 'Content-Encoding': 'compress' };
    const encoding = await post(app, protobufBody(SPAN), headers);
    expect(encoding.status).toBe(415);
    expect(readStatus(encoding.body as Buffer).message).toContain('identity, gzip, deflate, br, zstd');
    expect(receiver.stats().refused).toEqual({ unsupportedType: 1, unsupportedEncoding: 1 });
  });

  it('answers 405 with Allow to other methods, and 404 elsewhere', async () => {
    const app = receive();
    for (const method of ['get', 'put', 'delete', 'patch', 'options'] as const) {
      const response = await request(app)[method]('/v1/traces');
      expect([response.status, response.headers['allow']]).toEqual([405, 'POST']);
    }
    const metrics = await request(app).post('/v1/metrics').send({});
    expect(metrics.status).toBe(404);
    expect((JSON.parse(metrics.text) as { message: string }).message).toContain('OTEL_METRICS_EXPORTER=none');
    expect((await request(app).get('/%E0%A4%A')).status).toBe(404);
    expect(receiver.stats().refused).toEqual({ wrongMethod: 5, unknownPath: 2 });
  });

  it('refuses what a web page sends', async () => {
    const headers = { 'Content-Type': JSON_TYPE, Origin: 'https://evil.example' };
    const response = await post(receive(), jsonBody(SPAN), headers);
    expect(response.status).toBe(403);
    expect(response.headers['access-control-allow-origin']).toBeUndefined();
    expect(store.stats().spans).toBe(0);
  });

  it('answers 503 with Retry-After when the store cannot write, and keeps running', async () => {
    const failing = {
      add: () => {
        throw new StoreError('ERR_LONGPOLE_STORE_WRITE', 'The trace store cannot write: disk full.');
      },
    };
    const app = receive({ store: failing });
    const response = await post(app, protobufBody(SPAN), { 'Content-Type': PROTOBUF });
    expect([response.status, response.headers['retry-after']]).toEqual([503, '1']);
    expect(readStatus(response.body as Buffer)).toEqual({
      code: 14,
      message: 'The trace store cannot write: disk full.',
    });
    expect(receiver.stats().refused).toEqual({ storeFailed: 1 });
  });
});

describe('a mistake in the receiver itself', () => {
  it('is answered with 500 and counted, and the next request is served', async () => {
    let calls = 0;
    const broken = {
      add: (spans: Parameters<TraceStore['add']>[0]) => {
        if (calls++ === 0) throw new TypeError('x is not a function');
        return store.add(spans);
      },
    };
    const app = receive({ store: broken });
    const first = await post(app, protobufBody(SPAN), { 'Content-Type': PROTOBUF });
    expect([first.status, readStatus(first.body as Buffer).code]).toEqual([500, 13]);
    expect((await post(app, protobufBody(SPAN), { 'Content-Type': PROTOBUF })).status).toBe(200);
    expect(receiver.stats()).toMatchObject({ accepted: 1, refused: { internalError: 1 } });
  });
});

describe('GET /healthz', () => {
  it('answers ok', async () => {
    const response = await request(receive()).get('/healthz');
    expect([response.status, response.body]).toEqual([200, { status: 'ok' }]);
  });
});
