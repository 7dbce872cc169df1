// The refusals of the receiver, each with what is wrong and how to cure it.
import { StoreError } from '../store/index.ts';
import { ProtobufError } from '../wire/protobuf/message-reader.ts';
import { WireError } from '../wire/wire-error.ts';
import { BodyError } from './body-error.ts';
import type { InFlight } from './in-flight.ts';
import { JSON_TYPE, PROTOBUF, type Refusal } from './otlp-answer.ts';
import { ENCODINGS } from './read-body.ts';
import { JsonSyntaxError } from './read-json-request.ts';
import type { RefusedRequest } from './receiver-stats.ts';

/** A refusal and the name under which it is counted. */
export interface CountedRefusal extends Refusal {
  readonly cause: RefusedRequest;
}

/** Seconds after which a sender should try again what could not be taken in now. */
const RETRY_AFTER = { 'Retry-After': '1' };

function shown(value: string | undefined): string {
  return value === undefined ? 'none' : JSON.stringify(value.slice(0, 100));
}

export function unsupportedType(found: string | undefined): CountedRefusal {
  return {
    cause: 'unsupportedType',
    status: 415,
    message: `Content-Type is ${shown(found)}: send ${PROTOBUF} or ${JSON_TYPE}.`,
  };
}

export function unsupportedEncoding(found: string): CountedRefusal {
  return {
    cause: 'unsupportedEncoding',
    status: 415,
    message: `Content-Encoding is ${shown(found)}: send one of ${ENCODINGS.join(', ')}.`,
    headers: { 'Accept-Encoding': ENCODINGS.join(', ') },
  };
}

export function tooLarge(maxBodyBytes: number): CountedRefusal {
  return {
    cause: 'tooLarge',
    status: 413,
    message: `The body has more than ${maxBodyBytes} bytes (after decompression): send fewer spans at once, for example with a lower OTEL_BSP_MAX_EXPORT_BATCH_SIZE.`,
  };
}

export function wrongMethod(method: string): CountedRefusal {
  return {
    cause: 'wrongMethod',
    status: 405,
    message: `${method} is not possible here: send traces with POST.`,
    headers: { Allow: 'POST' },
  };
}

export function unknownPath(path: string): CountedRefusal {
  const isOtherSignal = /^\/v1\/(metrics|logs)\/?$/.test(path);
  const cure = isOtherSignal
    ? 'only traces are taken in here; switch the other signals off with OTEL_METRICS_EXPORTER=none and OTEL_LOGS_EXPORTER=none.'
    : 'traces go to POST /v1/traces.';
  return { cause: 'unknownPath', status: 404, message: `There is no ${shown(path)}: ${cure}` };
}

export function fromBrowser(origin: string): CountedRefusal {
  return {
    cause: 'fromBrowser',
    status: 403,
    message: `The request has Origin ${shown(origin)}, so it comes from a web page: send traces from a service or through a Collector.`,
  };
}

export function overloaded({ requests, bytes }: InFlight): CountedRefusal {
  return {
    cause: 'overloaded',
    status: 503,
    message: `${requests} requests with ${bytes} bytes are being taken in already: try again in a second.`,
    headers: RETRY_AFTER,
  };
}

function unreadBody(
  { problem, message }: BodyError,
  maxBodyBytes: number,
  inFlight: InFlight,
): CountedRefusal {
  switch (problem) {
    case 'tooLarge':
      return tooLarge(maxBodyBytes);
    case 'overloaded':
      return overloaded(inFlight);
    case 'aborted':
      return { cause: 'aborted', status: 400, message: `${message}.` };
    case 'unreadable':
      return badData(`The body cannot be read: ${message}.`);
  }
}

/** The refusal for what reading, decompressing, decoding or storing a body threw. */
export function toRefusal(error: unknown, maxBodyBytes: number, inFlight: InFlight): CountedRefusal {
  if (error instanceof StoreError) {
    return { cause: 'storeFailed', status: 503, message: error.message, headers: RETRY_AFTER };
  }
  if (error instanceof BodyError) return unreadBody(error, maxBodyBytes, inFlight);
  if (error instanceof ProtobufError) {
    return badData(`The body is not an ExportTraceServiceRequest in protobuf: ${error.message}.`);
  }
  if (error instanceof JsonSyntaxError) return badData(`The body is not JSON: ${error.message}.`);
  if (error instanceof WireError) {
    return badData(`The body is not an ExportTraceServiceRequest in JSON: ${error.message}.`);
  }
  const { status, message } = error as { status?: number; message?: string };
  if (status === 400) return badData(`The request cannot be read: ${message ?? ''}.`);
  const reason = message ?? String(error);
  return { cause: 'internalError', status: 500, message: `The receiver failed on this request: ${reason}.` };
}

function badData(message: string): CountedRefusal {
  return { cause: 'badData', status: 400, message };
}
