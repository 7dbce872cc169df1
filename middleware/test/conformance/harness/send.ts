// Sends requests to the traced application without any help that could change them.

import http from 'node:http';
import net from 'node:net';

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface Sent {
  readonly method?: string;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  readonly agent?: http.Agent;
  readonly host?: string;
}

export type Send = (path: string, sent?: Sent) => Promise<Answer>;

export function sender(port: number, headers: Readonly<Record<string, string>>): Send {
  return (path, { method = 'GET', body, agent, host = '127.0.0.1', ...sent } = {}) =>
    new Promise((resolve, reject) => {
      const all = { connection: agent === undefined ? 'close' : 'keep-alive', ...headers, ...sent.headers };
      const request = http.request({ host, port, path, method, headers: all, agent: agent ?? false });
      request.on('error', reject);
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        });
      });
      request.end(body);
    });
}

/** Writes raw text to the port and resolves to all that comes back when `until` has come or the other side closes. */
export function raw(port: number, text: string, until: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: '127.0.0.1', port });
    let received = '';
    const done = (): void => {
      socket.destroy();
      resolve(received);
    };
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      received += chunk;
      if (until.test(received)) done();
    });
    socket.on('end', done);
    socket.on('error', reject);
    socket.write(text);
  });
}

/** The text of a request's head, for `raw()`. */
export function head(
  line: string,
  { headers, port }: { readonly headers: Readonly<Record<string, string>>; readonly port: number },
  more: Readonly<Record<string, string>> = {},
): string {
  const all: Record<string, string> = { host: `127.0.0.1:${port}`, ...headers, ...more };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${line} HTTP/1.1\r\n${lines.join('')}\r\n`;
}
