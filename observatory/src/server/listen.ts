// One HTTP server: listening on a port, and closing without leaving anything behind.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BackendError, type PortSource } from './backend-error.ts';

/** A server that listens. */
export interface Listener {
  /** `http://host:port`, with a host that a client on this machine can use. */
  readonly url: string;
  /** Stops accepting, lets requests in progress end for up to `graceMs`, then ends every connection. */
  close(graceMs: number): Promise<void>;
}

/** Our own event on a server: it is about to be closed. */
const CLOSING = 'longpole:closing';

/** Longer than clients keep idle connections, so that no request meets a connection that is being closed. */
const KEEP_ALIVE_MS = 65_000;

const WILDCARDS: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** The URL under which a client on this machine reaches a server that listens on `host`. */
export function clientUrl(host: string, port: number): string {
  const reachable = WILDCARDS[host] ?? host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

function listenError(
  cause: NodeJS.ErrnoException,
  host: string,
  port: number,
  source: PortSource,
): BackendError {
  const { variable, flag } = source;
  if (cause.code === 'EADDRINUSE') {
    const message = `Port ${port} on ${host} is taken by another process: end that process, or choose another port with ${variable} or ${flag}.`;
    return new BackendError('ERR_LONGPOLE_PORT_TAKEN', message, port, source, cause);
  }
  const message = `Cannot listen on ${host} port ${port} (${cause.message}): choose another port with ${variable} or ${flag}, or another host.`;
  return new BackendError('ERR_LONGPOLE_LISTEN', message, port, source, cause);
}

async function close(server: Server, graceMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.emit(CLOSING);
  server.close(() => resolve());
  const deadline = setTimeout(() => server.closeAllConnections(), graceMs);
  await promise;
  clearTimeout(deadline);
}

/** Node ends idle connections when a server is closed, but not those that become idle afterwards. */
function endConnectionsOnceAnswered(server: Server): void {
  let isClosing = false;
  server.once(CLOSING, () => {
    isClosing = true;
  });
  server.on('request', (_req, res) => {
    res.once('close', () => {
      if (isClosing) setImmediate(() => server.closeIdleConnections());
    });
  });
}

/**
 * Starts a server for `app`; port 0 takes any free port.
 * @throws BackendError `ERR_LONGPOLE_PORT_TAKEN`, or `ERR_LONGPOLE_LISTEN` for other reasons.
 */
export async function listen(
  app: RequestListener,
  host: string,
  port: number,
  source: PortSource,
): Promise<Listener> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, app);
  endConnectionsOnceAnswered(server);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (cause: NodeJS.ErrnoException) => reject(listenError(cause, host, port, source)));
  server.listen(port, host, resolve);
  await promise;
  const bound = (server.address() as AddressInfo).port;
  return { url: clientUrl(host, bound), close: (graceMs) => close(server, graceMs) };
}
