// Tells whether a request comes from inside: by its socket, and by what proxies say of where it came from before them.

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { withoutBrackets } from '../http/hosts.ts';
import { isPrivateAddress, isPrivatePeer } from './private-address.ts';

/**
 * Whether the socket's peer and every address in `X-Forwarded-For`, `Forwarded` (RFC 7239) and `X-Real-IP` is private. A
 * caller can add to these headers but cannot take away what a proxy after it has added, so it can only make itself less
 * trusted. What is no address (`unknown`, an obfuscated name) is not private. A local socket is.
 */
export function isPrivateCaller({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): boolean {
  return isPrivateSocket(socket) && isForwardedFromInside(headers);
}

/** A connection that is gone has no address either, so the listener is asked whether it is a local one. */
function isPrivateSocket(socket: IncomingMessage['socket']): boolean {
  const { remoteAddress } = socket;
  if (remoteAddress !== undefined) return isPrivatePeer(remoteAddress);
  const { server } = socket as { server?: { address?: () => unknown } };
  return typeof server?.address?.() === 'string';
}

function isForwardedFromInside(headers: IncomingHttpHeaders): boolean {
  const { forwarded } = headers;
  const forwardedFor = headers['x-forwarded-for'];
  const realIp = headers['x-real-ip'];
  return (
    (forwardedFor === undefined || listOf(forwardedFor).every(isPrivateHop)) &&
    (realIp === undefined || listOf(realIp).every(isPrivateHop)) &&
    (forwarded === undefined || listOf(forwarded).flatMap(forParameters).every(isPrivateHop))
  );
}

function listOf(header: string | string[]): string[] {
  const text = typeof header === 'string' ? header : header.join(',');
  return text.split(',').filter((element) => element.trim() !== '');
}

/**
 * The values of `for` in one element of `Forwarded`. Quotes are not followed over commas and semicolons: a quote that a
 * caller has left open must not swallow what a proxy has added behind it.
 */
function forParameters(element: string): string[] {
  const pairs = element.split(';').map((pair) => pair.trim());
  return pairs.filter((pair) => /^for\s*=/i.test(pair)).map((pair) => pair.slice(pair.indexOf('=') + 1));
}

/** One hop: an address, perhaps in quotes, in brackets, and with a port. */
function isPrivateHop(hop: string): boolean {
  const text = unquoted(hop.trim());
  return isPrivateAddress(withoutBrackets(text)) || isPrivateAddress(withoutPort(text));
}

function unquoted(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}

const WITH_PORT = /^(?:\[([^\]]*)\]|([^:]*)):[\w.-]+$/;

function withoutPort(text: string): string {
  const [, ipv6, ipv4] = WITH_PORT.exec(text) ?? [];
  return ipv6 ?? ipv4 ?? '';
}
