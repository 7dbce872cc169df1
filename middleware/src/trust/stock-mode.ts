// Says which settings of trust have no effect where OpenTelemetry's own instrumentation reads the incoming headers.

import { sayOnce } from '../shared/say.ts';
import { sharedState } from '../shared/state.ts';
import type { BoundaryEntry } from './boundary.ts';

const OWNER = 'stock';

/** From now on the stock instrumentation continues the trace of everybody who asks. */
export function beginStockMode(): void {
  const { owners, boundaries } = sharedState();
  owners.set(OWNER, {});
  warnInStockMode(boundaries);
}

export function endStockMode(): void {
  sharedState().owners.delete(OWNER);
}

/** Says it once for each setting that somebody relies on in vain. */
export function warnInStockMode(entries: readonly BoundaryEntry[]): void {
  if (!sharedState().owners.has(OWNER)) return;
  for (const { trustInbound, trustVariable, baggage } of entries) {
    if ((trustVariable ?? trustInbound ?? 'always') !== 'always') sayOnce(line('trustInbound'));
    if (baggage !== undefined) sayOnce(line('baggage'));
  }
}

const line = (setting: string): string =>
  `longpole: ${setting} has no effect with stock instrumentation, which takes trace context and baggage from every caller; LONGPOLE_INSTRUMENTATION=listen keeps it`;
