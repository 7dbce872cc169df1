// Attributes of SERVER spans by the stable HTTP semantic conventions.

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Span } from '@opentelemetry/api';
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
import type { FlatAttributes } from '../recording/attribute-list.ts';
import { plainAddress, splitHost } from './hosts.ts';
import { methodAttribute } from './methods.ts';
import { redactQuery } from './redact-url.ts';
import { splitTarget } from './request-target.ts';

/** A request, and its headers: getting them from it is dear. */
export interface Head {
  readonly request: IncomingMessage;
  readonly headers: IncomingHttpHeaders;
}

/** What is known when the request's head has been read: names and values in turn. */
export function requestAttributes({ request, headers }: Head): FlatAttributes {
  const { socket, url = '/', method = 'GET' } = request;
  const scheme = (socket as { encrypted?: boolean }).encrypted === true ? 'https' : 'http';
  const known = methodAttribute(method);
  const isPlain = url.startsWith('/');
  const target = isPlain ? undefined : splitTarget(url);
  const queryStart = isPlain ? url.indexOf('?') : -1;
  const flat: FlatAttributes = [
    ATTR_HTTP_REQUEST_METHOD,
    known,
    ATTR_URL_SCHEME,
    scheme,
    ATTR_NETWORK_PROTOCOL_VERSION,
    request.httpVersion,
    ATTR_URL_PATH,
    target?.path ?? (queryStart === -1 ? url : url.slice(0, queryStart)),
  ];
  if (known !== method) flat.push(ATTR_HTTP_REQUEST_METHOD_ORIGINAL, method);
  const query = target?.query ?? (queryStart === -1 ? '' : url.slice(queryStart + 1));
  if (query !== '') flat.push(ATTR_URL_QUERY, redactQuery(query));
  addHost(flat, target?.host ?? headers.host, scheme);
  addPeer(flat, socket);
  const agent = headers['user-agent'];
  if (agent !== undefined) flat.push(ATTR_USER_AGENT_ORIGINAL, agent);
  return flat;
}

/** What Express knows better behind a trusted proxy (`app.set('trust proxy', …)`), read at the end of the response. */
export function describeForwarded(span: Span, request: IncomingMessage): void {
  if (!(request as ExpressRequest).app?.enabled?.('trust proxy')) return;
  // Getters of Express's that look through headers: not read before it is known that they are needed.
  const { ip, protocol, hostname } = request as ExpressRequest;
  if (typeof ip === 'string') span.setAttribute(ATTR_CLIENT_ADDRESS, plainAddress(ip));
  if (typeof protocol === 'string') span.setAttribute(ATTR_URL_SCHEME, protocol);
  if (typeof hostname !== 'string' || hostname === '') return;
  const { address, port } = hostOf(hostWithPort(request, hostname), protocol ?? 'http');
  span.setAttribute(ATTR_SERVER_ADDRESS, address);
  span.setAttribute(ATTR_SERVER_PORT, port);
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

function addHost(flat: FlatAttributes, host: string | undefined, scheme: string): void {
  if (host === undefined || host === '') return;
  const { address, port } = hostOf(host, scheme);
  flat.push(ATTR_SERVER_ADDRESS, address, ATTR_SERVER_PORT, port);
}

function hostOf(host: string, scheme: string): { address: string; port: number } {
  const { address, port = scheme === 'https' ? 443 : 80 } = splitHost(host);
  return { address, port };
}

function addPeer(flat: FlatAttributes, { remoteAddress, remotePort }: IncomingMessage['socket']): void {
  if (remoteAddress === undefined) return;
  const address = plainAddress(remoteAddress);
  flat.push(ATTR_CLIENT_ADDRESS, address, ATTR_NETWORK_PEER_ADDRESS, address);
  if (remotePort !== undefined) flat.push(ATTR_NETWORK_PEER_PORT, remotePort);
}
