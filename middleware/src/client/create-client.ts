// Makes an axios instance whose calls are named after the service they go to, have a deadline, and retry visibly.

import { context } from '@opentelemetry/api';
import type {
  AxiosAdapter,
  AxiosError,
  AxiosInstance,
  AxiosRequestConfig,
  AxiosResponse,
  InternalAxiosRequestConfig,
} from 'axios';
import { withOutgoingCall } from '../http/context-keys.ts';
import * as checks from '../options/checks.ts';
import { type Check, parseOptions } from '../options/parse-options.ts';
import { axiosPackages } from './axios-packages.ts';
import { DeadlineSignal } from './deadline-signal.ts';

export interface ClientOptions {
  /** `service.peer.name` of the CLIENT spans: the logical name of the service that is called. */
  readonly service?: string;
  /** Put before every relative URL. Defaults to none. */
  readonly baseURL?: string;
  /**
   * Deadline of a call, all its tries, pauses and bodies together, in milliseconds; `0` for none. A call can have its
   * own as axios's `timeout`. Where the body is a stream, it ends with the response's head. Defaults to `10000`.
   */
  readonly timeoutMs?: number;
  /** Tries after the first, for calls that are safe to repeat. Defaults to `2`. */
  readonly retries?: number;
  /** Headers of every call. Defaults to none. */
  readonly headers?: Readonly<Record<string, string>>;
}

const CHECKS: Record<keyof ClientOptions, Check> = {
  service: checks.isString,
  baseURL: checks.isHttpUrl,
  timeoutMs: checks.isDurationMs,
  retries: checks.isCount,
  headers: checks.isRecordOfStrings,
};

const FIRST_PAUSE_MS = 50;
const SAFE_METHODS = new Set(['get', 'head', 'options', 'put', 'delete']);
const RETRYABLE_STATUS = new Set([429, 502, 503, 504]);

/**
 * An axios instance. Each try is a CLIENT span of its own with `service.peer.name`, and from the second on
 * `http.request.resend_count`. Repeated are idempotent methods and requests with an `Idempotency-Key`, after network
 * errors and 429, 502, 503, 504, with exponential pauses that respect `Retry-After`; a pause that would end after
 * the deadline is not begun.
 *
 * @throws LongpoleError on an unknown or wrong option
 */
export function createClient(options: ClientOptions = {}): AxiosInstance {
  parseOptions('createClient()', options, CHECKS);
  const { axios, retry } = axiosPackages();
  const client = axios.create({
    ...(options.baseURL === undefined ? {} : { baseURL: options.baseURL }),
    ...(options.headers === undefined ? {} : { headers: { ...options.headers } }),
    timeout: options.timeoutMs ?? 10_000,
    adapter: tracedAdapter(axios.getAdapter('http'), options.service),
  });
  retry.default(client, {
    retries: options.retries ?? 2,
    retryDelay: (count, error) => retry.exponentialDelay(count, error, FIRST_PAUSE_MS),
    retryCondition: (error) =>
      isRepeatable(error.config) && (retry.isNetworkError(error) || isBusy(error.response?.status)),
  });
  return client;
}

/** What all tries of one call share; axios carries it along in the configuration. */
interface Call {
  readonly startedMs: number;
  readonly timeoutMs: number;
}

type TracedConfig = InternalAxiosRequestConfig & { longpoleCall?: Call };

/** axios's own adapter, told through the context which call the CLIENT span is for. */
function tracedAdapter(send: AxiosAdapter, service: string | undefined): AxiosAdapter {
  return (config: TracedConfig) => {
    const resendCount = config['axios-retry']?.retryCount ?? 0;
    if (resendCount === 0 || config.longpoleCall === undefined)
      config.longpoleCall = { startedMs: performance.now(), timeoutMs: config.timeout ?? 0 };
    const shared = config.longpoleCall;
    const call = {
      ...(service === undefined ? {} : { peerService: service }),
      ...(resendCount === 0 ? {} : { resendCount }),
    };
    return context.with(withOutgoingCall(context.active(), call), () => sendInTime(send, config, shared));
  };
}

/** axios's own timeout does not cover the body and starts anew with each try. */
async function sendInTime(send: AxiosAdapter, config: TracedConfig, call: Call): Promise<AxiosResponse> {
  if (call.timeoutMs === 0) return await send(config);
  const leftMs = Math.max(0, call.startedMs + call.timeoutMs - performance.now());
  const signal = new DeadlineSignal(leftMs, () => timeoutError(config, call), config.signal);
  try {
    const response = await send({ ...config, timeout: 0, signal });
    return Object.assign(response, { config });
  } catch (error) {
    // The retry must go by the caller's configuration, not by the one with this try's deadline.
    throw error instanceof axiosPackages().axios.AxiosError ? Object.assign(error, { config }) : error;
  } finally {
    signal.clear();
  }
}

function timeoutError(config: InternalAxiosRequestConfig, { timeoutMs }: Call): AxiosError {
  const { AxiosError } = axiosPackages().axios;
  const code = config.transitional?.clarifyTimeoutError ? AxiosError.ETIMEDOUT : AxiosError.ECONNABORTED;
  return new AxiosError(config.timeoutErrorMessage ?? `timeout of ${timeoutMs}ms exceeded`, code, config);
}

function isRepeatable(config: AxiosRequestConfig | undefined): boolean {
  if (config === undefined) return false;
  const headers = Object.keys(config.headers ?? {}).map((name) => name.toLowerCase());
  return SAFE_METHODS.has((config.method ?? 'get').toLowerCase()) || headers.includes('idempotency-key');
}

function isBusy(status: number | undefined): boolean {
  return status !== undefined && RETRYABLE_STATUS.has(status);
}
