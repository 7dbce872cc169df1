// Asks the backend that this page came from.
import type { TraceRow, TraceView, Verdict } from '../../../src/view/index.ts';

/** An answer that is none, in words for the person at the page. */
export class ApiFailure extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'ApiFailure';
    this.status = status;
  }
}

const AWAY = 'The backend does not answer. Is it still running (longpole up, npm start)?';

async function reasonOf(response: Response): Promise<string> {
  const text = await response.text();
  const message = /"(?:msg|message)":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  if (message === undefined) return `The backend answered ${response.status} ${response.statusText}.`;
  return JSON.parse(`"${message}"`) as string;
}

/** The answer of an address of the backend. @throws ApiFailure, or an AbortError when `signal` ends it. */
async function ask(address: string, signal?: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address, signal === undefined ? {} : { signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiFailure(0, AWAY);
  }
  if (!response.ok) throw new ApiFailure(response.status, await reasonOf(response));
  return response;
}

/** The JSON at an address of the backend. @throws as {@link ask} does. */
export async function getJson<T>(address: string, signal?: AbortSignal): Promise<T> {
  return (await (await ask(address, signal)).json()) as T;
}

/** The text at an address of the backend. @throws as {@link ask} does. */
export async function getText(address: string, signal?: AbortSignal): Promise<string> {
  return (await ask(address, signal)).text();
}

export interface TraceList {
  readonly traces: readonly TraceRow[];
  /** How many traces the backend has in all. */
  readonly stored: number;
}

export function fetchTraces(query: URLSearchParams, signal: AbortSignal): Promise<TraceList> {
  return getJson<TraceList>(`/api/longpole/traces?${query}`, signal);
}

/** Verdicts on as many of the traces as the backend had time for. */
export async function fetchVerdicts(
  traceIds: readonly string[],
  signal: AbortSignal,
): Promise<readonly Verdict[]> {
  const query = new URLSearchParams(traceIds.map((id) => ['id', id]));
  const { verdicts } = await getJson<{ verdicts: Verdict[] }>(`/api/longpole/verdicts?${query}`, signal);
  return verdicts;
}

export function fetchTrace(traceId: string, signal: AbortSignal): Promise<TraceView> {
  return getJson<TraceView>(`/api/longpole/traces/${traceId}`, signal);
}

/** One span as OTLP JSON, by its index in the trace. */
export function fetchSpan(traceId: string, index: number, signal: AbortSignal): Promise<unknown> {
  return getJson<unknown>(`/api/longpole/traces/${traceId}/spans/${index}`, signal);
}

export interface Welcome {
  /** Where traces go. */
  readonly otlpUrl: string;
  /** A command that sends one span. */
  readonly curl: string;
  /** Whether the demo's mesh runs beside the backend and takes orders. */
  readonly hasDemo: boolean;
}

export function fetchWelcome(signal: AbortSignal): Promise<Welcome> {
  return getJson<Welcome>('/api/longpole/welcome', signal);
}

export async function fetchServices(signal: AbortSignal): Promise<readonly string[]> {
  return (await getJson<{ data: string[] }>('/api/services', signal)).data;
}
