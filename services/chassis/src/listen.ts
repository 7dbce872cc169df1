// Starts to listen, and stops without losing a request that is under way.
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EnvironmentError } from './environment.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
  /** The variable that sets the port, for messages. */
  readonly portName: string;
}

/** Resolves with the server and its base URL. Throws an EnvironmentError when the address can't be used. */
export async function listen(
  app: RequestListener,
  address: Address,
): Promise<{ server: Server; url: string }> {
  const server = createServer(app);
  server.listen(address.port, address.host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new EnvironmentError(describeListenError(error as NodeJS.ErrnoException, address), {
      cause: error,
    });
  }
  const { port } = server.address() as AddressInfo;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return { server, url: `http://${host}:${port}` };
}

function describeListenError(error: NodeJS.ErrnoException, { host, port, portName }: Address): string {
  if (error.code === 'EADDRINUSE') {
    return `Port ${port} on ${host} is taken by another process. Stop it, or set ${portName} to a free port.`;
  }
  if (error.code === 'EACCES') {
    return `Port ${port} needs rights this process does not have. Set ${portName} to a port above 1023.`;
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return `HOST=${JSON.stringify(host)} is not an address of this machine. Set it like HOST=127.0.0.1.`;
  }
  return `Can't listen on ${host}:${port}: ${error.message}`;
}

/** Stops accepting, lets requests under way end for at most `drainMs`, then closes what is left. */
export async function stopListening(server: Server, drainMs: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const deadline = setTimeout(() => server.closeAllConnections(), drainMs);
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  await closed;
  clearTimeout(deadline);
  clearInterval(sweep);
}
