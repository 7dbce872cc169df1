// The mistake `propagation`: an HTTP transport that sends requests on without the headers of the trace.
import { type ClientRequest, type IncomingMessage, type RequestOptions, request } from 'node:http';

/** For axios's `transport` option. Like many a proxy, it only lets through the headers it was told of. */
export const forgetful = {
  request(options: RequestOptions, onAnswer: (answer: IncomingMessage) => void): ClientRequest {
    const known = new Set(['host', ...Object.keys(options.headers ?? {}).map((name) => name.toLowerCase())]);
    const call = request(options, onAnswer);
    for (const name of call.getHeaderNames()) if (!known.has(name)) call.removeHeader(name);
    return call;
  },
};
