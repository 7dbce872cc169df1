// Knows of requests that are on their way although their caller has given up, by the two ends of each connection.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

const CLIENT = 'net.client.socket';
const SERVER = 'net.server.socket';
const MOST_CLOSED = 1000;

/**
 * A caller that gives up closes its end of the connection. What it has sent by then is read at the other end before that
 * one is closed too, so no request can come of it any more when both are.
 */
export class Connections {
  /** Ports that servers of this process have taken connections at. */
  readonly #served = new Set<number>();
  /** Connections by the ports of the caller and of the server. */
  readonly #accepted = new Set<string>();
  readonly #closed = new Set<string>();
  /** Closed by the caller, in this process, and not yet by the server, in this process too. */
  readonly #dying = new Set<string>();
  #waiting: (() => void)[] = [];

  start(): void {
    subscribe(CLIENT, this.#onClient);
    subscribe(SERVER, this.#onServer);
  }

  stop(): void {
    unsubscribe(CLIENT, this.#onClient);
    unsubscribe(SERVER, this.#onServer);
    this.#waiting = [];
  }

  get isBusy(): boolean {
    return this.#dying.size > 0;
  }

  /** Calls back once, when no connection is half closed. */
  whenQuiet(callback: () => void): void {
    this.#waiting.push(callback);
  }

  readonly #onClient = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    socket.once('connect', () => {
      const { localPort, remotePort = 0 } = socket;
      const key = `${localPort}:${remotePort}`;
      socket.once('close', () => this.#onCallerGone(key, remotePort));
    });
  };

  #onCallerGone(key: string, port: number): void {
    if (this.#closed.delete(key)) return;
    if (this.#accepted.has(key) || this.#served.has(port)) this.#dying.add(key);
  }

  readonly #onServer = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    const { localPort = 0, remotePort } = socket;
    const key = `${remotePort}:${localPort}`;
    this.#served.add(localPort);
    this.#closed.delete(key);
    this.#accepted.add(key);
    socket.once('close', () => this.#onServerDone(key));
  };

  #onServerDone(key: string): void {
    this.#accepted.delete(key);
    if (!this.#dying.delete(key)) this.#rememberClosed(key);
    if (this.isBusy) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const callback of waiting) callback();
  }

  /** The caller's end may tell later that it is closed; that of a caller in another process never does. */
  #rememberClosed(key: string): void {
    this.#closed.add(key);
    const [oldest] = this.#closed;
    if (this.#closed.size > MOST_CLOSED && oldest !== undefined) this.#closed.delete(oldest);
  }
}
