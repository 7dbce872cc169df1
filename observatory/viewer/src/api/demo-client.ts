// Asks the demo's mesh, through the backend.
import { ApiFailure, getJson } from './client.ts';

/** A service's faults as its /faults has them. */
export interface FaultState {
  readonly latencyMs: number;
  readonly extraLatencyMs: number;
  readonly failureRate: number;
  readonly hang: boolean;
  readonly mistake: string | null;
  readonly fault: string | null;
}

export interface DemoService {
  readonly service: string;
  readonly mistakes: readonly string[];
  readonly faults: readonly string[];
  readonly state: FaultState | null;
  /** Why the state is not known. */
  readonly problem: string | null;
}

export interface DemoLoad {
  readonly perSecond: number;
  readonly sent: number;
  readonly failed: number;
  readonly open: number;
}

export interface Demo {
  readonly services: readonly DemoService[];
  readonly load: DemoLoad;
  readonly maxPerSecond: number;
}

export interface Checkout {
  readonly status: number;
  readonly durationMs: number;
  readonly traceId?: string;
  readonly summary: string;
}

const BASE = '/api/longpole/demo';

export function fetchDemo(signal: AbortSignal): Promise<Demo> {
  return getJson<Demo>(BASE, signal);
}

async function send<T>(method: string, path: string, body: object): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${BASE}${path}`, { method, headers, body: JSON.stringify(body) });
  const answer = (await response.json()) as T & { message?: string };
  if (!response.ok)
    throw new ApiFailure(response.status, answer.message ?? `The demo answered ${response.status}.`);
  return answer;
}

export function sendCheckout(): Promise<Checkout> {
  return send<Checkout>('POST', '/checkout', {});
}

export function setLoad(perSecond: number): Promise<unknown> {
  return send('PUT', '/load', { perSecond });
}

/** What is left out gets its start value again. */
export function setFaults(service: string, state: Partial<FaultState>): Promise<unknown> {
  return send('PUT', `/services/${service}`, state);
}
