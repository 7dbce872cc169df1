// Asks the backend about sets of traces, and about one trace with a change.
import type { Finding } from '../../../src/analysis/findings/index.ts';
import type {
  ComparisonView,
  FlameView,
  MapView,
  RouteView,
  SetSize,
  WhatIfView,
} from '../../../src/view/index.ts';
import { getJson } from './client.ts';

export interface Findings {
  readonly set: SetSize;
  readonly findings: readonly Finding[];
}

export function fetchFindings(query: URLSearchParams, signal: AbortSignal): Promise<Findings> {
  return getJson<Findings>(`/api/longpole/findings?${query}`, signal);
}

export async function fetchTraceFindings(traceId: string, signal: AbortSignal): Promise<readonly Finding[]> {
  const path = `/api/longpole/traces/${traceId}/findings`;
  return (await getJson<{ findings: Finding[] }>(path, signal)).findings;
}

export interface Routes {
  readonly set: SetSize;
  readonly routes: readonly RouteView[];
}

export function fetchRoutes(query: URLSearchParams, signal: AbortSignal): Promise<Routes> {
  return getJson<Routes>(`/api/longpole/routes?${query}`, signal);
}

export interface Compared {
  readonly before: SetSize;
  readonly after: SetSize;
  readonly routes: readonly ComparisonView[];
}

export function fetchComparison(query: URLSearchParams, signal: AbortSignal): Promise<Compared> {
  return getJson<Compared>(`/api/longpole/compare?${query}`, signal);
}

export function fetchTraceFlame(traceId: string, signal: AbortSignal): Promise<FlameView> {
  return getJson<FlameView>(`/api/longpole/traces/${traceId}/flame`, signal);
}

export function fetchFlame(query: string, signal: AbortSignal): Promise<{ readonly flame: FlameView }> {
  return getJson<{ flame: FlameView }>(`/api/longpole/flame?${query}`, signal);
}

export interface Mapped {
  readonly set: SetSize;
  readonly map: MapView;
}

export function fetchMap(query: URLSearchParams, signal: AbortSignal): Promise<Mapped> {
  return getJson<Mapped>(`/api/longpole/map?${query}`, signal);
}

export function fetchWhatIf(
  traceId: string,
  query: URLSearchParams,
  signal: AbortSignal,
): Promise<WhatIfView> {
  return getJson<WhatIfView>(`/api/longpole/traces/${traceId}/what-if?${query}`, signal);
}

/** Who called whom in one trace. */
export function fetchTraceMap(traceId: string, signal: AbortSignal): Promise<MapView> {
  return getJson<MapView>(`/api/longpole/traces/${traceId}/map`, signal);
}
