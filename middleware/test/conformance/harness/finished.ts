// Waits for the response of a request of node:http.

import type { ClientRequest, IncomingMessage } from 'node:http';

/** Reads the response to its end; rejects when the request or the response fails. */
export function finished(request: ClientRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    request.on('error', reject).on('response', (response: IncomingMessage) => {
      response.on('error', reject).on('close', resolve).resume();
    });
  });
}
