// The refusals of the receiver, each with what is wrong and how to cure it.
import { StoreError } from '../store/index.ts';
import { ProtobufError } from '../wire/protobuf/message-reader.ts';
import { WireError } from '../wire/wire-error.ts';
import { JSON_TYPE, PROTOBUF, type Refusal } from './otlp-answer.ts';
import { JsonSyntaxError } from './read-json-request.ts';
import type { RefusedRequest } from './receiver-stats.ts';

/** A refusal and the name under which it is counted. */
export interface CountedRefusal extends Refusal {
  readonly cause: RefusedRequest;
}

export const ENCODINGS: readonly string[] = ['identity', 'gzip', 'deflate', 'br', 'zstd'];

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

export function overloaded(inFlight: number): CountedRefusal {
  return {
    cause: 'overloaded',
    status: 503,
    message: `${inFlight} requests are being taken in already: try again in a second.`,
    headers: RETRY_AFTER,
  };
}

/** The refusal for what reading, decompressing, decoding or storing a body threw. */
export function toRefusal(error: unknown, maxBodyBytes: number): CountedRefusal {
  if (error instanceof StoreError) {
    return { cause: 'storeFailed', status: 503, message: error.message, headers: RETRY_AFTER };
  }
  if (error instanceof ProtobufError) {
    return badData(`The body is not an ExportTraceServiceRequest in protobuf: ${error.message}.`);
  }
  if (error instanceof JsonSyntaxError) return badData(`The body is not JSON: ${error.message}.`);
  if (error instanceof WireError) {
    return badData(`The body is not an ExportTraceServiceRequest in JSON: ${error.message}.`);
  }
  const { type, status, message } = error as { type?: string; status?: number; message?: string };
  if (type === 'entity.too.large') return tooLarge(maxBodyBytes);
  if (type === 'request.aborted') {
    return { cause: 'aborted', status: 400, message: 'The request was aborted.' };
  }
  if (status === 400) return badData(`The body cannot be read: ${message ?? ''}.`);
  const reason = message ?? String(error);
  return { cause: 'internalError', status: 500, message: `The receiver failed on this request: ${reason}.` };
}

function badData(message: string): CountedRefusal {
  return { cause: 'badData', status: 400, message };
}
