// The service that a hop calls: always the same answer, as bytes, so that the processors are left to the application.

import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

const BODY = '{"stock":7}';
/** What Node's own server would send. */
const HEAD = [
  'HTTP/1.1 200 OK',
  'content-type: application/json',
  'Content-Length: 11',
  `Date: ${new Date().toUTCString()}`,
  'Connection: keep-alive',
  'Keep-Alive: timeout=600',
];
const ANSWER = Buffer.from(`${HEAD.join('\r\n')}\r\n\r\n${BODY}`);

/** Requests have no body, and the next one comes when this one is answered. */
export async function startTarget(): Promise<number> {
  const server = createServer({ noDelay: true }, (socket) => {
    let asked = '';
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      asked += bytes.toString('latin1');
      if (!asked.endsWith('\r\n\r\n')) return;
      asked = '';
      socket.write(ANSWER);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}
