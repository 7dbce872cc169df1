// Connections that send a request as ready bytes: a lean client leaves the processors to the application.

import { connect, type Socket } from 'node:net';
import { Answer } from './answer.ts';

/** One request, sent again and again. */
export interface Shot {
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly bodyBytes?: number;
  readonly json?: string;
}

const HEADERS = { 'x-user-id': 'ada', 'x-order-id': 'order-17', 'x-cart-items': '3' };
const CHUNKS = 4;

/** The bytes of a request, in the pieces in which they are written. */
export function bytesOf({ port, method, path, bodyBytes, json }: Shot): Buffer[] {
  const headers: Record<string, string> = { host: `127.0.0.1:${port}`, connection: 'keep-alive', ...HEADERS };
  if (json !== undefined) {
    headers['content-type'] = 'application/json';
    headers['content-length'] = String(Buffer.byteLength(json));
  } else if (bodyBytes !== undefined) headers['transfer-encoding'] = 'chunked';
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
  if (bodyBytes === undefined) return [Buffer.from(head + (json ?? ''))];
  const size = bodyBytes / CHUNKS;
  const chunk = `${size.toString(16)}\r\n${'a'.repeat(size)}\r\n`;
  const pieces = Array.from({ length: CHUNKS }, () => chunk);
  return [head + pieces[0], ...pieces.slice(1, -1), `${pieces.at(-1)}0\r\n\r\n`].map((text) =>
    Buffer.from(text),
  );
}

/** Sends one request at a time. */
class Connection {
  readonly #socket: Socket;
  #answer = new Answer();
  #settle: ((isGood: boolean) => void) | undefined;
  isOpen = true;

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('data', (bytes) => {
      if (this.#answer.read(bytes)) this.#finish(this.#answer.status < 400);
    });
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => {
      this.isOpen = false;
      this.#finish(false);
    });
  }

  send(pieces: readonly Buffer[]): Promise<boolean> {
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#answer = new Answer();
      if (this.isOpen) for (const piece of pieces) this.#socket.write(piece);
      else this.#finish(false);
    });
  }

  #finish(isGood: boolean): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(isGood);
  }
}

/** The connections to one application. A request takes the one that was used last, or opens another. */
export class Connections {
  readonly #port: number;
  readonly #idle: Connection[] = [];

  constructor(port: number) {
    this.#port = port;
  }

  /** Resolves with whether the whole answer came with a status below 400. */
  async send(pieces: readonly Buffer[]): Promise<boolean> {
    let connection = this.#idle.pop();
    while (connection?.isOpen === false) connection = this.#idle.pop();
    connection ??= new Connection(this.#port);
    const isGood = await connection.send(pieces);
    if (connection.isOpen) this.#idle.push(connection);
    return isGood;
  }
}
