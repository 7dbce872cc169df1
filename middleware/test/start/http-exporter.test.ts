// The exporter that posts batches: what the backend gets, and what is made of its answers.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type AnsweredResult, outcomeOf } from '../../src/start/export-outcome.ts';
import { HttpExporter } from '../../src/start/http-exporter.ts';
import { selfSigned } from './support/self-signed.ts';

interface Got {
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly socket: Socket;
}

const VARIABLES = ['HEADERS', 'TRACES_HEADERS', 'COMPRESSION', 'CERTIFICATE'].map(
  (name) => `OTEL_EXPORTER_OTLP_${name}`,
);
const servers: Server[] = [];
let exporter: HttpExporter<string[]> | undefined;

beforeEach(() => {
  for (const name of VARIABLES) delete process.env[name];
});

afterEach(async () => {
  await exporter?.shutdown();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  for (const name of VARIABLES) delete process.env[name];
});

async function listen(server: Server, scheme = 'http'): Promise<string> {
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
}

/** A backend that remembers what it got, and answers. */
async function backend(answer: RequestListener): Promise<{ url: string; got: Got[] }> {
  const got: Got[] = [];
  const server = createServer(async (request, response) => {
    got.push({ headers: request.headers, body: await buffer(request), socket: request.socket });
    answer(request, response);
  });
  return { url: await listen(server), got };
}

function exporterTo(url: string, timeoutMs = 10_000): HttpExporter<string[]> {
  exporter = new HttpExporter<string[]>({
    url,
    contentType: 'application/x-protobuf',
    timeoutMs,
    bodyOf: (batch) => Buffer.from(batch.join()),
    rejectedIn: (body) => Number(body.toString()),
  });
  return exporter;
}

const send = (to: HttpExporter<string[]>, ...batch: string[]): Promise<AnsweredResult> =>
  new Promise((resolve) => to.export(batch, resolve));

const fine: RequestListener = (_request, response) => response.end();

describe('a request', () => {
  it('has the batch, its type and length, the headers of the environment and who sends it', async () => {
    process.env['OTEL_EXPORTER_OTLP_HEADERS'] = 'x-key=general,x-more=%C3%A9t%C3%A9';
    process.env['OTEL_EXPORTER_OTLP_TRACES_HEADERS'] = 'x-key=traces';
    const { url, got } = await backend(fine);
    expect(await send(exporterTo(url), 'one', 'two')).toMatchObject({ code: 0, rejected: 0 });
    expect(got[0]?.body.toString()).toBe('one,two');
    expect(got[0]?.headers).toMatchObject({
      'content-type': 'application/x-protobuf',
      'content-length': '7',
      'x-key': 'traces',
      'user-agent': expect.stringMatching(/^longpole-express\/\d+\.\d+\.\d+ \(JavaScript\)$/),
    });
    expect(got[0]?.headers['content-encoding']).toBeUndefined();
    expect(got[0]?.headers['transfer-encoding']).toBeUndefined();
  });

  it('is compressed with OTEL_EXPORTER_OTLP_COMPRESSION=gzip', async () => {
    process.env['OTEL_EXPORTER_OTLP_COMPRESSION'] = 'gzip';
    const { url, got } = await backend(fine);
    await send(exporterTo(url), 'x'.repeat(10_000));
    expect(got[0]?.headers['content-encoding']).toBe('gzip');
    expect(got[0]?.body.length).toBeLessThan(1000);
    expect(gunzipSync(got[0]?.body ?? '').toString()).toBe('x'.repeat(10_000));
  });

  it.each(['none', 'gzip'])(
    'is not made with a header that cannot be (compression: %s)',
    async (compression) => {
      process.env['OTEL_EXPORTER_OTLP_COMPRESSION'] = compression;
      process.env['OTEL_EXPORTER_OTLP_HEADERS'] = 'x-key=a%0Ab';
      const { url, got } = await backend(fine);
      const outcome = outcomeOf(await send(exporterTo(url), 'one'));
      expect(outcome).toEqual({ kind: 'refused', cause: 'ERR_INVALID_CHAR' });
      expect(got).toHaveLength(0);
    },
  );

  it('takes the connection of the one before', async () => {
    const { url, got } = await backend(fine);
    const to = exporterTo(url);
    for (const batch of ['one', 'two', 'three']) await send(to, batch);
    expect(new Set(got.map(({ socket }) => socket)).size).toBe(1);
  });

  it('goes over TLS, with the certificate that OTEL_EXPORTER_OTLP_CERTIFICATE names', async () => {
    const { key, cert, file } = selfSigned();
    const url = await listen(createTlsServer({ key, cert }, fine) as unknown as Server, 'https');
    expect(outcomeOf(await send(exporterTo(url), 'one'))).toMatchObject({ kind: 'refused' });
    await exporter?.shutdown();
    process.env['OTEL_EXPORTER_OTLP_CERTIFICATE'] = file;
    expect(await send(exporterTo(url), 'one')).toMatchObject({ code: 0 });
  });

  it('is tried without a certificate that cannot be read', async () => {
    process.env['OTEL_EXPORTER_OTLP_CERTIFICATE'] = '/nowhere/ca.pem';
    const { key, cert } = selfSigned();
    const url = await listen(createTlsServer({ key, cert }, fine) as unknown as Server, 'https');
    expect(outcomeOf(await send(exporterTo(url), 'one'))).toMatchObject({ kind: 'refused' });
  });
});

describe('an answer', () => {
  const outcomeWith = async (answer: RequestListener): Promise<unknown> =>
    outcomeOf(await send(exporterTo((await backend(answer)).url), 'one'));
  const answerWith =
    (status: number, headers: Record<string, string> = {}): RequestListener =>
    (_request, response) =>
      response.writeHead(status, headers).end('no');

  it.each([
    [400, { kind: 'refused', cause: 'http_400' }],
    [301, { kind: 'refused', cause: 'http_301' }],
    [413, { kind: 'too_large', cause: 'http_413' }],
    [503, { kind: 'retry', cause: 'http_503', retryAfterMs: undefined }],
  ])('with status %d says %j', async (status, outcome) => {
    expect(await outcomeWith(answerWith(status))).toEqual(outcome);
  });

  it('may ask for a pause', async () => {
    expect(await outcomeWith(answerWith(429, { 'retry-after': '7' }))).toMatchObject({ retryAfterMs: 7000 });
  });

  it('may reject spans', async () => {
    const outcome = await outcomeWith((_request, response) => response.end('3'));
    expect(outcome).toEqual({ kind: 'delivered', rejected: 3 });
  });

  it('confirms by its status, though it breaks off', async () => {
    const outcome = await outcomeWith((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('1', () => response.destroy());
    });
    expect(outcome).toMatchObject({ kind: 'delivered' });
  });

  it('that does not end is not read beyond 4 MiB', async () => {
    let isClosed: Promise<unknown> | undefined;
    const outcome = await outcomeWith((_request, response) => {
      isClosed = once(response, 'close');
      const more = (): void => {
        if (!response.destroyed) response.write('1'.repeat(100_000), more);
      };
      more();
    });
    expect(outcome).toMatchObject({ kind: 'delivered' });
    await isClosed;
  });

  it('of a busy backend says so with its head, and holds its connection no longer than the timeout', async () => {
    let isClosed: Promise<unknown> | undefined;
    const { url } = await backend((_request, response) => {
      isClosed = once(response, 'close');
      response.writeHead(503).write('wait');
    });
    expect(outcomeOf(await send(exporterTo(url, 50), 'one'))).toMatchObject({ cause: 'http_503' });
    await isClosed;
  });

  it('that does not come in time is a timeout', async () => {
    const { url } = await backend(() => undefined);
    expect(outcomeOf(await send(exporterTo(url, 20), 'one'))).toMatchObject({
      kind: 'retry',
      cause: 'timeout',
    });
  });

  it('that never comes, because nobody is there, is worth another try', async () => {
    const server = createTcpServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const outcome = outcomeOf(await send(exporterTo(`http://127.0.0.1:${port}/v1/traces`), 'one'));
    expect(outcome).toMatchObject({ kind: 'retry', cause: 'ECONNREFUSED' });
  });
});

it('breaks off what is under way when it is shut down', async () => {
  let arrived: () => void = () => undefined;
  const hasArrived = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const { url } = await backend(() => arrived());
  const to = exporterTo(url);
  const sending = send(to, 'one');
  await hasArrived;
  await to.shutdown();
  expect(await sending).toMatchObject({ code: 1 });
});
