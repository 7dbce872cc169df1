// The span contract: what SERVER and CLIENT spans carry by the stable HTTP semantic conventions.

import type { Kind, Value } from './span-view.ts';

/** Stands for a port that nobody can know in advance. */
export const ANY_PORT = Symbol('any port');

export type Expected = Value | typeof ANY_PORT;

export interface ExpectedException {
  readonly type: string;
  readonly message: string;
}

export interface ExpectedSpan {
  readonly kind: Kind;
  readonly name: string;
  /** The caller's span, none, or the place of another span in the list. */
  readonly parent: 'remote' | 'none' | number;
  readonly attributes: Readonly<Record<string, Expected>>;
  readonly status: 'UNSET' | 'ERROR';
  readonly exceptions: readonly ExpectedException[];
  /** Whether the call got as far as the upstream service, where its headers are looked at. */
  readonly isReceived: boolean;
}

/** Where the scenario's traffic goes. */
export interface Place {
  readonly port: number;
  readonly tlsPort: number;
  readonly upstreamPort: number;
  readonly upstreamTlsPort: number;
  /** A port where nobody listens. */
  readonly closedPort: number;
}

interface Common {
  readonly method?: string;
  readonly parent?: ExpectedSpan['parent'];
  readonly code?: number | undefined;
  readonly errorType?: string;
  readonly failed?: boolean;
  readonly exceptions?: readonly ExpectedException[];
  /** Beside or instead of the usual attributes; `undefined` takes one away. */
  readonly attributes?: Readonly<Record<string, Expected | undefined>>;
}

export interface ServerSpan extends Common {
  readonly path: string;
  readonly query?: string;
  readonly route?: string;
}

/** A SERVER span: a GET over HTTP/1.1 from this machine, answered with 200, unless told otherwise. */
export function server(place: Place, span: ServerSpan): ExpectedSpan {
  const { method = 'GET', code = 'code' in span ? undefined : 200, route, errorType } = span;
  const failed = span.failed ?? (code !== undefined && code >= 500);
  const type = errorType ?? (failed ? String(code) : undefined);
  const verb = verbOf(span);
  return {
    kind: 'SERVER',
    name: route === undefined ? verb : `${verb} ${route}`,
    parent: span.parent ?? 'remote',
    status: failed ? 'ERROR' : 'UNSET',
    exceptions: span.exceptions ?? [],
    isReceived: false,
    attributes: present({
      'http.request.method': method,
      'http.response.status_code': code,
      'http.route': route,
      'error.type': type,
      'url.path': span.path,
      'url.query': span.query,
      'url.scheme': 'http',
      'server.address': '127.0.0.1',
      'server.port': place.port,
      'client.address': '127.0.0.1',
      'network.peer.address': '127.0.0.1',
      'network.peer.port': ANY_PORT,
      'network.protocol.version': '1.1',
      'user_agent.original': 'conformance',
      ...span.attributes,
    }),
  };
}

export interface ClientSpan extends Common {
  readonly path: string;
  readonly tls?: boolean;
  readonly isReceived?: boolean;
}

/** A CLIENT span: a GET to the upstream service, child of the first span, answered with 200, unless told otherwise. */
export function client(place: Place, span: ClientSpan): ExpectedSpan {
  const { method = 'GET', code = 'code' in span ? undefined : 200, errorType, tls = false } = span;
  const failed = span.failed ?? (errorType !== undefined || (code !== undefined && code >= 400));
  const port = tls ? place.upstreamTlsPort : place.upstreamPort;
  const isReceived = span.isReceived ?? code !== undefined;
  return {
    kind: 'CLIENT',
    name: verbOf(span),
    parent: span.parent ?? 0,
    status: failed ? 'ERROR' : 'UNSET',
    exceptions: span.exceptions ?? [],
    isReceived,
    attributes: present({
      'http.request.method': method,
      'http.response.status_code': code,
      'error.type': errorType ?? (failed ? String(code) : undefined),
      'url.full': `${tls ? 'https' : 'http'}://127.0.0.1:${port}${span.path}`,
      'server.address': '127.0.0.1',
      'server.port': port,
      ...(isReceived ? { 'network.peer.address': '127.0.0.1', 'network.peer.port': port } : {}),
      ...(code === undefined ? {} : { 'network.protocol.version': '1.1' }),
      ...span.attributes,
    }),
  };
}

/** The part of the name that is the method. */
function verbOf({ method = 'GET', attributes }: Common): string {
  return attributes?.['http.request.method'] === '_OTHER' ? 'HTTP' : method;
}

function present(attributes: Record<string, Expected | undefined>): Record<string, Expected> {
  return Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, Expected] => entry[1] !== undefined),
  );
}
