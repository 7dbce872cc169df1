// Sends a service its first request before a customer does.

import type { AddressInfo } from 'node:net';
import { connect, type Server } from 'node:net';

const REQUEST = [
  'POST /readyz HTTP/1.1',
  'host: rehearsal',
  'content-type: application/json',
  'content-length: 2',
  'connection: close',
  '',
  '{}',
].join('\r\n');

/**
 * Sends a JSON body to /readyz, which takes none: the body parser and the problem answers are loaded, and nothing
 * happens. Leaves no trace: the path is a health check's, and a plain socket makes no CLIENT span. Resolves when the
 * answer, or no answer, is there.
 */
export function rehearse(server: Server): Promise<void> {
  const { port, address } = server.address() as AddressInfo;
  return new Promise((resolve) => {
    const socket = connect({ port, host: address });
    socket.once('error', () => socket.destroy());
    socket.once('close', () => resolve());
    socket.resume().write(REQUEST);
  });
}
