// Reads and changes the headers of an outgoing request of undici, which is also what fetch sends.

import { type HeaderAccess, HeaderInjector } from './inject-headers.ts';

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

type Field = [name: string, value: string];

const access: HeaderAccess<UndiciRequest> = {
  names: ({ headers }) => fieldsOf(headers).map(([name]) => name),
  get({ headers }, name) {
    const found = fieldsOf(headers).filter(([key]) => isSame(key, name));
    return found.length === 0 ? undefined : found.map(([, value]) => String(value)).join(', ');
  },
  set: setUndiciHeader,
  remove: removeHeader,
};

export const undiciInjector: HeaderInjector<UndiciRequest> = new HeaderInjector(access);

/** Sets a header in the place of all that the request has of this name. */
export function setUndiciHeader(request: UndiciRequest, name: string, value: string): void {
  removeHeader(request, name);
  if (request.addHeader !== undefined) request.addHeader(name, value);
  else if (typeof request.headers === 'string') request.headers += `${name}: ${value}\r\n`;
  else request.headers.push(name, value);
}

function removeHeader(request: UndiciRequest, name: string): void {
  const { headers } = request;
  if (typeof headers === 'string') {
    const lines = headers.split('\r\n');
    request.headers = lines.filter((line) => !isSame(nameOf(line), name)).join('\r\n');
  } else if (headers.some((each, i) => i % 2 === 0 && isSame(each, name))) {
    const kept = fieldsOf(headers).filter(([key]) => !isSame(key, name));
    request.headers = kept.flat();
  }
}

function fieldsOf(headers: UndiciRequest['headers']): Field[] {
  if (typeof headers === 'string')
    return headers
      .split('\r\n')
      .filter((line) => line !== '')
      .map(fieldOf);
  const fields: Field[] = [];
  for (let i = 0; i + 1 < headers.length; i += 2) fields.push([headers[i] ?? '', headers[i + 1] ?? '']);
  return fields;
}

function fieldOf(line: string): Field {
  const name = nameOf(line);
  return [name, line.slice(name.length + 1).trim()];
}

function nameOf(line: string): string {
  return line.slice(0, Math.max(0, line.indexOf(':')));
}

function isSame(one: string, other: string): boolean {
  return one.length === other.length && one.toLowerCase() === other.toLowerCase();
}
