// Tells the traced application, past every instrumentation, that its request has reached the upstream service.

import { once } from 'node:events';
import net from 'node:net';

export interface Watch {
  /** Resolves when the upstream service has the head of the next request for `/<verb>`. */
  readonly arrived: Promise<unknown>;
}

/** Resolves when the upstream service watches for it, so that the request can be made. */
export async function watchFor(upstream: string, verb: string): Promise<Watch> {
  const { hostname, port } = new URL(upstream);
  const socket = net.connect(Number(port), hostname);
  socket.write(`GET /watch/${verb} HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`);
  await once(socket, 'data');
  return { arrived: once(socket, 'end') };
}
