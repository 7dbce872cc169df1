// Makes an axios instance whose calls are named after the service they go to, have a deadline, and retry visibly.

import { context } from '@opentelemetry/api';
import axios, { type AxiosAdapter, type AxiosInstance, type AxiosRequestConfig } from 'axios';
import axiosRetry, { exponentialDelay, isNetworkError } from 'axios-retry';
import { withOutgoingCall } from '../http/context-keys.ts';
import { isCount, isDurationMs, isHttpUrl, isString } from '../options/checks.ts';
import { type Check, parseOptions } from '../options/parse-options.ts';

export interface ClientOptions {
  /** `service.peer.name` of the CLIENT spans: the logical name of the service that is called. */
  readonly service?: string;
  /** Put before every relative URL. Defaults to none. */
  readonly baseURL?: string;
  /** Deadline of a call, all its tries together, in milliseconds. Defaults to `10000`. */
  readonly timeoutMs?: number;
  /** Tries after the first, for calls that are safe to repeat. Defaults to `2`. */
  readonly retries?: number;
  /** Headers of every call. Defaults to none. */
  readonly headers?: Readonly<Record<string, string>>;
}

const anything: Check = () => undefined;
const SAFE_METHODS = new Set(['get', 'head', 'options', 'put', 'delete']);
const RETRYABLE_STATUS = new Set([429, 502, 503, 504]);

/**
 * An axios instance. Each try is a CLIENT span of its own with `service.peer.name`, and from the second on
 * `http.request.resend_count`. Repeated are idempotent methods and requests with an `Idempotency-Key`, after network
 * errors and 429, 502, 503, 504, with exponential pauses that respect `Retry-After`.
 *
 * @throws LongpoleError on an unknown or wrong option
 */
export function createClient(options: ClientOptions = {}): AxiosInstance {
  parseOptions('createClient()', options, {
    service: isString,
    baseURL: isHttpUrl,
    timeoutMs: isDurationMs,
    retries: isCount,
    headers: anything,
  });
  const client = axios.create({
    ...(options.baseURL === undefined ? {} : { baseURL: options.baseURL }),
    ...(options.headers === undefined ? {} : { headers: { ...options.headers } }),
    timeout: options.timeoutMs ?? 10_000,
    adapter: namingAdapter(options.service),
  });
  axiosRetry(client, {
    retries: options.retries ?? 2,
    retryDelay: (count, error) => exponentialDelay(count, error, 50),
    retryCondition: (error) =>
      isRepeatable(error.config) && (isNetworkError(error) || isBusy(error.response?.status)),
  });
  return client;
}

/** axios's own adapter, told through the context which call the CLIENT span is for. */
function namingAdapter(service: string | undefined): AxiosAdapter {
  const send = axios.getAdapter('http');
  return (config) => {
    const resendCount = config['axios-retry']?.retryCount ?? 0;
    const call = {
      ...(service === undefined ? {} : { peerService: service }),
      ...(resendCount === 0 ? {} : { resendCount }),
    };
    return context.with(withOutgoingCall(context.active(), call), () => send(config));
  };
}

function isRepeatable(config: AxiosRequestConfig | undefined): boolean {
  if (config === undefined) return false;
  const headers = Object.keys(config.headers ?? {}).map((name) => name.toLowerCase());
  return SAFE_METHODS.has((config.method ?? 'get').toLowerCase()) || headers.includes('idempotency-key');
}

function isBusy(status: number | undefined): boolean {
  return status !== undefined && RETRYABLE_STATUS.has(status);
}
