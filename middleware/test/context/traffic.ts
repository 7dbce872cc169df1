// A thousand requests at once: over kept connections, pipelined, with bodies in pieces, and with clients that leave.

import { randomBytes } from 'node:crypto';
import http from 'node:http';
import net from 'node:net';
import { LEAVES } from './leaves.ts';

export interface Sent {
  readonly traceId: string;
  readonly spanId: string;
  readonly kind: string;
  readonly path: string;
}

/** `count` requests of all kinds in turn. */
export function plan(count: number): Sent[] {
  const kinds = Object.keys(LEAVES);
  return Array.from({ length: count }, (_, i) => {
    const kind = kinds[i % kinds.length] ?? 'await';
    const traceId = randomBytes(16).toString('hex');
    return { traceId, spanId: randomBytes(8).toString('hex'), kind, path: `/work/${kind}/${i}` };
  });
}

/** Sends them all; resolves when every answer is there and every client that leaves has left. */
export async function sendAll(port: number, all: readonly Sent[]): Promise<void> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
  const staying = all.filter(({ kind }) => kind !== 'left');
  const pipelined = staying.filter((_, i) => i % 2 === 0);
  const lanes = Array.from({ length: 8 }, (_, lane) => pipelined.filter((_, i) => i % 8 === lane));
  await Promise.all([
    ...staying.filter((_, i) => i % 2 === 1).map((sent) => sendKept(port, agent, sent)),
    ...lanes.map((lane) => sendPipelined(port, lane)),
    ...all.filter(({ kind }) => kind === 'left').map((sent) => sendAndLeave(port, sent)),
  ]);
  agent.destroy();
}

const traceparent = ({ traceId, spanId }: Sent): string => `00-${traceId}-${spanId}-01`;

function sendKept(port: number, agent: http.Agent, sent: Sent): Promise<void> {
  return new Promise((resolve, reject) => {
    const { path } = sent;
    const headers = { traceparent: traceparent(sent) };
    const method = sent.kind === 'body' ? 'POST' : 'GET';
    const request = http.request({ host: '127.0.0.1', port, path, method, agent, headers });
    request.on('error', reject).on('response', (response) => response.on('end', resolve).resume());
    if (method === 'GET') request.end();
    else request.write('first', () => request.write('second', () => request.end('third')));
  });
}

/** All requests on one connection without waiting for answers, cut into packets anywhere. */
function sendPipelined(port: number, lane: readonly Sent[]): Promise<void> {
  const text = lane.map(rendered).join('');
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: '127.0.0.1', port, noDelay: true });
    let answers = 0;
    let received = '';
    socket.setEncoding('utf8').on('error', reject);
    socket.on('data', (chunk: string) => {
      received += chunk;
      answers = received.split('HTTP/1.1 ').length - 1;
      const isComplete =
        answers === lane.length && /\r\n\r\n.+$/s.test(received.slice(received.lastIndexOf('HTTP/1.1 ')));
      if (isComplete) socket.destroy();
    });
    socket.on('close', () =>
      answers === lane.length ? resolve() : reject(new Error(`${answers} of ${lane.length}`)),
    );
    writeInPieces(socket, text);
  });
}

function rendered(sent: Sent): string {
  const body = sent.kind === 'body' ? 'x'.repeat(300) : '';
  const head = `${body === '' ? 'GET' : 'POST'} ${sent.path} HTTP/1.1\r\nhost: localhost\r\n`;
  const length = body === '' ? '' : `content-length: ${body.length}\r\n`;
  return `${head}traceparent: ${traceparent(sent)}\r\n${length}\r\n${body}`;
}

function writeInPieces(socket: net.Socket, text: string): void {
  if (text === '') return;
  const size = 100 + Math.floor(Math.random() * 900);
  socket.write(text.slice(0, size), () => setImmediate(() => writeInPieces(socket, text.slice(size))));
}

/** Leaves as soon as the application has the request. */
function sendAndLeave(port: number, sent: Sent): Promise<void> {
  return new Promise((resolve) => {
    const headers = { traceparent: traceparent(sent) };
    const request = http.get({ host: '127.0.0.1', port, path: sent.path, headers, agent: false });
    request.on('information', () => request.destroy());
    request.on('error', () => undefined).on('close', resolve);
  });
}
