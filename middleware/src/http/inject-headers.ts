// Puts the trace context on an outgoing request, whatever way its headers were given.

import type { ClientRequest } from 'node:http';
import { type Context, propagation, type TextMapSetter } from '@opentelemetry/api';

/** An outgoing request as undici's channels show it. */
export interface UndiciRequest {
  readonly origin: string | URL;
  readonly path: string;
  readonly method: string;
  /** Names and values in turn, or, in undici 5, the rendered lines. */
  headers: string[] | string;
  readonly upgrade?: unknown;
  addHeader?(name: string, value: string): unknown;
}

/** The head as node:http keeps it once it is rendered; there is no public way to change it. */
interface RenderedHead {
  _header?: string | null;
  /** What waits for the socket. With `Expect: 100-continue` the head is there from the beginning. */
  readonly outputData?: { data: unknown }[];
}

const nodeSetter: TextMapSetter<ClientRequest> = {
  set(request, name, value) {
    const head = request as RenderedHead;
    const rendered = head._header;
    if (typeof rendered !== 'string') {
      request.setHeader(name, value);
      return;
    }
    head._header = replaceHeaderLine(rendered, name, value);
    for (const waiting of head.outputData ?? []) {
      if (waiting.data === rendered) waiting.data = head._header;
    }
  },
};

const undiciSetter: TextMapSetter<UndiciRequest> = { set: setUndiciHeader };

export function injectIntoNodeRequest(context: Context, request: ClientRequest): void {
  propagation.inject(context, request, nodeSetter);
}

export function injectIntoUndiciRequest(context: Context, request: UndiciRequest): void {
  propagation.inject(context, request, undiciSetter);
}

/** Sets a header in the place of all that the request has of this name. */
export function setUndiciHeader(request: UndiciRequest, name: string, value: string): void {
  request.headers = withoutHeader(request.headers, name);
  if (request.addHeader !== undefined) request.addHeader(name, value);
  else if (typeof request.headers === 'string') request.headers += `${name}: ${value}\r\n`;
  else request.headers.push(name, value);
}

function replaceHeaderLine(head: string, name: string, value: string): string {
  const [requestLine = '', ...lines] = head.split('\r\n');
  const kept = lines.filter((line) => line !== '' && !isLineOf(line, name));
  return [requestLine, ...kept, `${name}: ${value}`, '', ''].join('\r\n');
}

function withoutHeader(headers: string[] | string, name: string): string[] | string {
  if (typeof headers === 'string') {
    const lines = headers.split('\r\n');
    return lines.filter((line) => !isLineOf(line, name)).join('\r\n');
  }
  const kept: string[] = [];
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const key = headers[i] ?? '';
    if (key.toLowerCase() !== name.toLowerCase()) kept.push(key, headers[i + 1] ?? '');
  }
  return kept;
}

function isLineOf(line: string, name: string): boolean {
  return line.slice(0, name.length + 1).toLowerCase() === `${name.toLowerCase()}:`;
}
