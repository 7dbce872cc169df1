// What a server's connection tells of the request that has it: whether it must wait, and when its client has left.

import type { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { reenterContext } from './request-context.ts';

const WATCHED: unique symbol = Symbol.for('@longpole/express/socket');

/** A connection of `node:http(s)`. */
export interface ServerSocket extends EventEmitter {
  /** The response that may write to it. */
  readonly _httpMessage?: ServerResponse | null;
  [WATCHED]?: boolean;
}

/** Whether the response has to wait until those of earlier requests on the connection have ended. */
export function isQueued({ _httpMessage }: ServerSocket, response: ServerResponse): boolean {
  return _httpMessage !== null && _httpMessage !== undefined && _httpMessage !== response;
}

/**
 * Has what a connection's end and its timeout set off run in the context of the request that has it. Node.js emits their
 * events of request and response out of its own listeners, so ours come first, once for each connection.
 */
export function watchSocket(socket: ServerSocket): void {
  if (socket[WATCHED] === true) return;
  socket[WATCHED] = true;
  socket.prependListener('close', enterItsRequest);
  socket.prependListener('timeout', enterItsRequest);
}

function enterItsRequest(this: ServerSocket): void {
  if (this._httpMessage) reenterContext(this._httpMessage);
}
