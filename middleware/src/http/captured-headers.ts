// Puts the headers that the application has named on SERVER spans (semantic conventions, `http.request.header.<key>`).

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Attributes } from '@opentelemetry/api';
import { sharedState } from '../shared/state.ts';
import { redactUrl } from './redact-url.ts';

/** Headers whose value is a URL, in which there may be secrets. */
const URLS = new Set(['referer', 'location', 'content-location']);

/** The named headers that are there, each an array with one item for each time it was sent. */
export function headerAttributes(request: IncomingMessage, response: ServerResponse): Attributes | undefined {
  const { requestHeaders, responseHeaders } = sharedState().privacy;
  if (requestHeaders.length + responseHeaders.length === 0) return undefined;
  const attributes: Attributes = {};
  for (const name of requestHeaders) {
    add(attributes, `http.request.header.${name}`, name, request.headersDistinct[name]);
  }
  if (response.headersSent) {
    for (const name of responseHeaders) {
      add(attributes, `http.response.header.${name}`, name, response.getHeader(name));
    }
  }
  return attributes;
}

function add(
  attributes: Attributes,
  key: string,
  name: string,
  value: number | string | readonly string[] | undefined,
): void {
  if (value === undefined) return;
  const values = (Array.isArray(value) ? value : [value]).map(String);
  attributes[key] = URLS.has(name) ? values.map(redactUrl) : values;
}
