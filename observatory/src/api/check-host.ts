// Refuses requests whose Host header is a name that this server has not been given: DNS rebinding lets a web page
// reach a local server under the page's own name, and so read from it.
import { isIP } from 'node:net';
import type { RequestHandler } from 'express';
import { ApiError } from './api-error.ts';

/** The host of a `Host` header, without port, brackets and trailing dot, in lower case. */
export function hostName(header: string): string {
  const withoutPort = header.trim().replace(/:\d*$/, '');
  return withoutPort
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase();
}

function isLoopbackName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost');
}

/**
 * Lets requests pass to `localhost`, to any IP address and to the names in `allowed`; answers others with 403.
 * A request without a Host header (HTTP/1.0) cannot come from a web page and passes.
 */
export function checkHost(allowed: readonly string[]): RequestHandler {
  const names = new Set(allowed.map(hostName));
  return function hostCheck(req, _res, next) {
    const header = req.headers.host ?? '';
    const host = hostName(header);
    if (host === '' || isLoopbackName(host) || isIP(host) !== 0 || names.has(host)) {
      next();
      return;
    }
    throw new ApiError(
      403,
      `Host ${JSON.stringify(header.slice(0, 200))} is not allowed: use localhost or an IP address, or allow the name with --allow-host (allowedHosts)`,
    );
  };
}
