// When the person at the console is told that spans do not arrive, and when not.

import { createServer as createHttp2Server } from 'node:http2';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Outcome } from '../../src/start/export-outcome.ts';
import { Reachability } from '../../src/start/reachability.ts';

const DELIVERED: Outcome = { kind: 'delivered', rejected: 0 };
const retry = (cause: string): Outcome => ({ kind: 'retry', cause, retryAfterMs: undefined });
const refused = (cause: string): Outcome => ({ kind: 'refused', cause });

function watch() {
  const said: string[] = [];
  const heard: (() => void)[] = [];
  const reachability = new Reachability((line) => {
    said.push(line);
    for (const listener of heard.splice(0)) listener();
  }, 'the backend');
  return { said, reachability, nextLine: () => new Promise<void>((resolve) => heard.push(resolve)) };
}

describe('outcomes of exports', () => {
  it.each([
    ['nobody listens', [retry('ECONNREFUSED')], 1],
    ['nobody listens, again and again', [retry('ECONNREFUSED'), retry('ENOTFOUND'), retry('timeout')], 1],
    ['busy once', [retry('http_503'), DELIVERED], 0],
    ['broken once, much later again', [retry('ECONNRESET'), DELIVERED, retry('ECONNRESET')], 0],
    ['busy twice in a row', [retry('http_503'), retry('http_503'), retry('http_503')], 1],
    ['refused', [refused('http_401'), refused('http_401')], 1],
    ['too large for the backend', [{ kind: 'too_large', cause: 'http_413' }], 1],
    ['away, back, away', [retry('ECONNREFUSED'), DELIVERED, retry('ECONNREFUSED')], 2],
    ['delivered', [DELIVERED, DELIVERED], 0],
  ] as [string, Outcome[], number][])('%s', (_what, outcomes, lines) => {
    const { said, reachability } = watch();
    for (const outcome of outcomes) reachability.heard(outcome);
    expect(said).toHaveLength(lines);
  });

  it.each([
    [refused('http_403'), /refuses traces \(http_403\); check OTEL_EXPORTER_OTLP_HEADERS/],
    [refused('http_404'), /check the path of the endpoint/],
    [refused('http_415'), /check OTEL_EXPORTER_OTLP_PROTOCOL/],
    [refused('HPE_INVALID_CONSTANT'), /is it the port of OTLP over gRPC \(4317\)\? OTLP over HTTP has 4318/],
    [refused('http_400'), /what it refuses is lost/],
    [retry('ENOTFOUND'), /cannot send traces to the backend \(ENOTFOUND\); is the backend running\?/],
  ] as [Outcome, RegExp][])('%p says why', (outcome, line) => {
    const { said, reachability } = watch();
    reachability.heard(outcome);
    expect(said[0]).toMatch(line);
  });
});

it.each([
  ['ECONNRESET', 'http://collector:4317/v1/traces', /OTLP over HTTP has 4318/],
  ['ECONNREFUSED', 'http://collector:4317/v1/traces', /is the backend running\?/],
  ['ECONNRESET', 'http://collector:4318/v1/traces', /is the backend running\?/],
])('%s at %s has its hint', (cause, destination, hint) => {
  const said: string[] = [];
  const reachability = new Reachability((line) => said.push(line), destination);
  for (let i = 0; i < 2; i += 1) reachability.heard(retry(cause));
  expect(said).toEqual([expect.stringMatching(hint)]);
});

describe('the probe', () => {
  let server: Server | undefined;

  afterEach(() => {
    server?.close();
    server = undefined;
  });

  async function listen(): Promise<number> {
    server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return typeof address === 'object' ? (address?.port ?? 0) : 0;
  }

  it('finds at once that nobody listens, and a failed export does not repeat it', async () => {
    const port = await listen();
    await new Promise((resolve) => server?.close(resolve));
    const { said, reachability, nextLine } = watch();
    const line = nextLine();
    reachability.probe(`http://127.0.0.1:${port}/v1/traces`);
    await line;
    reachability.heard(retry('ECONNREFUSED'));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/ECONNREFUSED/);
  });

  it('knows a server of HTTP/2, such as that of gRPC, and says which port is meant', async () => {
    const grpc = createHttp2Server();
    await new Promise<void>((resolve) => grpc.listen(0, '127.0.0.1', resolve));
    const { port } = grpc.address() as AddressInfo;
    const { said, reachability, nextLine } = watch();
    const line = nextLine();
    reachability.probe(`http://127.0.0.1:${port}/v1/traces`);
    await line;
    await new Promise<void>((resolve) => grpc.close(() => resolve()));
    reachability.heard(refused('HPE_INVALID_CONSTANT'));
    expect(said).toEqual([
      'longpole: the backend speaks HTTP/2 and not HTTP/1.1; is it the port of OTLP over gRPC (4317)? OTLP over HTTP has 4318; OTEL_EXPORTER_OTLP_PROTOCOL=grpc speaks gRPC.',
    ]);
  });

  it.each(['220 mail.example ESMTP\r\n', '\0'])(
    'says nothing of what else speaks first: %j',
    async (greeting) => {
      server = createServer((socket) => socket.end(greeting));
      await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const closed = new Promise((resolve) =>
        server?.once('connection', (socket) => socket.once('close', resolve)),
      );
      const { said, reachability } = watch();
      reachability.probe(`http://127.0.0.1:${port}/v1/traces`);
      await closed;
      expect(said).toEqual([]);
    },
  );

  it('says nothing when somebody listens', async () => {
    const port = await listen();
    const connected = new Promise((resolve) => server?.once('connection', resolve));
    const { said, reachability } = watch();
    reachability.probe(`http://127.0.0.1:${port}/v1/traces`);
    await connected;
    reachability.close();
    expect(said).toEqual([]);
  });
});
