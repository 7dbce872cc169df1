// Reads and changes the headers of an outgoing request of node:http, whatever way they were given.

import type { ClientRequest } from 'node:http';
import { type HeaderAccess, HeaderInjector } from './inject-headers.ts';

/** The head as node:http keeps it once it is rendered; there is no public way to change it. */
interface RenderedHead {
  _header?: string | null;
  /** What waits for the socket. With `Expect: 100-continue` the head is there from the beginning. */
  readonly outputData?: { data: unknown }[];
}

const access: HeaderAccess<ClientRequest> = {
  names(request) {
    const head = renderedHead(request);
    return head === undefined ? request.getHeaderNames() : linesOf(head).map(nameOf);
  },
  get(request, name) {
    const head = renderedHead(request);
    if (head === undefined) return request.getHeader(name)?.toString();
    const lines = linesOf(head).filter((line) => isLineOf(line, name));
    return lines.length === 0
      ? undefined
      : lines.map((line) => line.slice(name.length + 1).trim()).join(', ');
  },
  set(request, name, value) {
    const head = renderedHead(request);
    if (head === undefined) request.setHeader(name, value);
    else replaceHead(request, head, [...without(head, name), `${name}: ${value}`]);
  },
  remove(request, name) {
    const head = renderedHead(request);
    if (head === undefined) {
      if (request.hasHeader(name)) request.removeHeader(name);
    } else {
      const kept = without(head, name);
      if (kept.length < linesOf(head).length) replaceHead(request, head, kept);
    }
  },
};

export const nodeInjector: HeaderInjector<ClientRequest> = new HeaderInjector(access);

/** With headers given as an array, or an expectation, the head is there as soon as the request is. */
function renderedHead(request: ClientRequest): string | undefined {
  return (request as RenderedHead)._header ?? undefined;
}

function replaceHead(request: ClientRequest, rendered: string, lines: readonly string[]): void {
  const [requestLine = ''] = rendered.split('\r\n', 1);
  const head = request as RenderedHead;
  head._header = [requestLine, ...lines, '', ''].join('\r\n');
  for (const waiting of head.outputData ?? []) {
    if (waiting.data === rendered) waiting.data = head._header;
  }
}

function linesOf(head: string): string[] {
  const [, ...lines] = head.split('\r\n');
  return lines.filter((line) => line !== '');
}

function without(head: string, name: string): string[] {
  return linesOf(head).filter((line) => !isLineOf(line, name));
}

function nameOf(line: string): string {
  return line.slice(0, line.indexOf(':'));
}

function isLineOf(line: string, name: string): boolean {
  return line.slice(0, name.length + 1).toLowerCase() === `${name.toLowerCase()}:`;
}
