// Tells where a request of node:http or node:https goes, from what Node keeps of its options.

import type { ClientRequest } from 'node:http';
import type { Target } from './client-record.ts';
import { splitHost, withoutBrackets } from './hosts.ts';
import type { Destination } from './inject-headers.ts';

/** Fields of Node's own that its type declarations leave out. */
interface NodeRequest {
  readonly socketPath?: string | undefined;
  /** The head, once it is rendered. */
  readonly _header?: string | null;
}

/** Where it goes, as far as it matters for what may be told: the same address as its target has. */
export function destinationOf(request: ClientRequest): Destination {
  const { path, host } = request;
  if (!path.startsWith('/')) return targetOf(request);
  const { socketPath } = request as NodeRequest;
  return typeof socketPath === 'string'
    ? { address: socketPath, isLocal: true }
    : { address: host, isLocal: false };
}

/** Port `undefined`: it shows only when the socket is connected (`withPort`), or there is none. */
export function targetOf(request: ClientRequest): Target {
  const { method, protocol, path, host } = request;
  const proxied = path.startsWith('/') || !/^https?:\/\//i.test(path) ? null : URL.parse(path);
  if (proxied !== null) {
    const { hostname } = proxied;
    return { method, url: path, address: withoutBrackets(hostname), port: portOf(proxied), isLocal: false };
  }
  const { socketPath } = request as NodeRequest;
  const named = splitHost(hostHeader(request) ?? '');
  if (typeof socketPath === 'string') {
    const url = `${protocol}//${bracketed(named.address || host)}${path}`;
    return { method, url, address: socketPath, port: undefined, isLocal: true };
  }
  const isNamed = named.address === host || named.address.toLowerCase() === host.toLowerCase();
  const origin = `${protocol}//${bracketed(host)}`;
  if (!isNamed) return { method, url: origin + path, address: host, port: undefined, isLocal: false };
  const usual = defaultPort(protocol);
  const { port = usual } = named;
  const url = port === usual ? origin + path : `${origin}:${port}${path}`;
  return { method, url, address: host, port, isLocal: false };
}

/** The target, now that its port is known. */
export function withPort(target: Target, port: number): Target {
  const url = URL.parse(target.url);
  if (url === null || port === defaultPort(url.protocol)) return { ...target, port };
  const schemeAndHost = /^[a-z]+:\/\/(\[[^\]]*\]|[^/:?#]*)/i;
  return { ...target, port, url: target.url.replace(schemeAndHost, (origin) => `${origin}:${port}`) };
}

/** The port that a URL names or leaves to its scheme. */
export function portOf(url: URL): number {
  return url.port === '' ? defaultPort(url.protocol) : Number(url.port);
}

export function defaultPort(protocol: string): number {
  return protocol === 'https:' ? 443 : 80;
}

/** With headers given as an array there is nothing to ask but the rendered head. */
function hostHeader(request: ClientRequest): string | undefined {
  const header = request.getHeader('host');
  if (typeof header === 'string') return header;
  return /^host: *(.*?) *$/im.exec((request as NodeRequest)._header ?? '')?.[1];
}

function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
