// Attributes of SERVER spans by the stable HTTP semantic conventions.

import type { IncomingMessage } from 'node:http';
import type { Attributes } from '@opentelemetry/api';
import {
  ATTR_CLIENT_ADDRESS,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
  ATTR_NETWORK_PEER_ADDRESS,
  ATTR_NETWORK_PEER_PORT,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_PATH,
  ATTR_URL_QUERY,
  ATTR_URL_SCHEME,
  ATTR_USER_AGENT_ORIGINAL,
} from '@opentelemetry/semantic-conventions';
import { plainAddress, splitHost } from './hosts.ts';
import { methodAttribute } from './methods.ts';
import { redactQuery } from './redact-url.ts';
import { splitTarget } from './request-target.ts';

/** What is known when the request's head has been read. */
export function requestAttributes(request: IncomingMessage): Attributes {
  const { socket, headers } = request;
  const method = request.method ?? 'GET';
  const scheme = 'encrypted' in socket && socket.encrypted ? 'https' : 'http';
  const attributes: Attributes = {
    [ATTR_HTTP_REQUEST_METHOD]: methodAttribute(method),
    [ATTR_URL_SCHEME]: scheme,
    [ATTR_NETWORK_PROTOCOL_VERSION]: request.httpVersion,
  };
  if (attributes[ATTR_HTTP_REQUEST_METHOD] !== method) attributes[ATTR_HTTP_REQUEST_METHOD_ORIGINAL] = method;
  const { path, query, host = headers.host } = splitTarget(request.url ?? '/');
  attributes[ATTR_URL_PATH] = path;
  if (query !== '') attributes[ATTR_URL_QUERY] = redactQuery(query);
  addHost(attributes, host, scheme);
  addPeer(attributes, request);
  if (headers['user-agent'] !== undefined) attributes[ATTR_USER_AGENT_ORIGINAL] = headers['user-agent'];
  return attributes;
}

/** What Express knows better behind a trusted proxy (`app.set('trust proxy', …)`), read at the end of the response. */
export function forwardedAttributes(request: IncomingMessage): Attributes | undefined {
  if (!(request as ExpressRequest).app?.enabled?.('trust proxy')) return undefined;
  // Getters of Express's that look through headers: not read before it is known that they are needed.
  const { ip, protocol, hostname } = request as ExpressRequest;
  const attributes: Attributes = {};
  if (typeof ip === 'string') attributes[ATTR_CLIENT_ADDRESS] = plainAddress(ip);
  if (typeof protocol === 'string') attributes[ATTR_URL_SCHEME] = protocol;
  if (typeof hostname === 'string') addHost(attributes, hostWithPort(request, hostname), protocol ?? 'http');
  return attributes;
}

/** Express tells the name only; the port stands in the header that the name is from. */
function hostWithPort({ headers }: IncomingMessage, hostname: string): string {
  const forwarded = headers['x-forwarded-host'];
  const candidates = [Array.isArray(forwarded) ? forwarded[0] : forwarded?.split(',')[0], headers.host];
  const { address } = splitHost(hostname);
  const found = candidates.find((host) => host !== undefined && splitHost(host.trim()).address === address);
  return found?.trim() ?? hostname;
}

interface ExpressRequest extends IncomingMessage {
  readonly app?: { enabled?: (setting: string) => boolean };
  readonly ip?: string;
  readonly protocol?: string;
  readonly hostname?: string;
}

function addHost(attributes: Attributes, host: string | undefined, scheme: string): void {
  if (host === undefined || host === '') return;
  const { address, port } = splitHost(host);
  attributes[ATTR_SERVER_ADDRESS] = address;
  attributes[ATTR_SERVER_PORT] = port ?? (scheme === 'https' ? 443 : 80);
}

function addPeer(attributes: Attributes, request: IncomingMessage): void {
  const { remoteAddress, remotePort } = request.socket;
  if (remoteAddress === undefined) return;
  const address = plainAddress(remoteAddress);
  attributes[ATTR_CLIENT_ADDRESS] = address;
  attributes[ATTR_NETWORK_PEER_ADDRESS] = address;
  if (remotePort !== undefined) attributes[ATTR_NETWORK_PEER_PORT] = remotePort;
}
