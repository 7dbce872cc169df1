// A server that keeps the heads of the requests it gets. It is none of node:http's, so it is not traced itself.

import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';

export interface HeadRecorder {
  readonly port: number;
  /** Names in lower case; what was sent twice is joined with a comma. In the order of the requests. */
  readonly heads: Record<string, string>[];
  close(): Promise<void>;
}

/** `answer` makes the head of the answer to a path, `200` with nothing in it without one. */
export async function recordHeads(
  answer: (path: string) => string = () => 'HTTP/1.1 200 OK',
): Promise<HeadRecorder> {
  const heads: Record<string, string>[] = [];
  const server = net.createServer((socket) => {
    let received = '';
    socket.on('error', () => socket.destroy());
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      received += chunk;
      if (!received.includes('\r\n\r\n')) return;
      heads.push(parse(received));
      socket.end(`${answer(received.split(' ')[1] ?? '')}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    server.close();
    await once(server, 'close');
  };
  return { port: (server.address() as AddressInfo).port, heads, close };
}

function parse(text: string): Record<string, string> {
  const [head = ''] = text.split('\r\n\r\n', 1);
  const fields: Record<string, string> = {};
  for (const line of head.split('\r\n').slice(1)) {
    const [name = '', ...value] = line.split(':');
    const key = name.toLowerCase();
    const text = value.join(':').trim();
    fields[key] = fields[key] === undefined ? text : `${fields[key]}, ${text}`;
  }
  return fields;
}
