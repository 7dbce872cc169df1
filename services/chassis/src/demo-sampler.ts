// The head sampler of a service at the edge, with a switch: keeps every trace, or with the mistake `sampling` 1 %.
import { currentTrace, type StartOptions } from '@longpole/express';
import type { Faults } from './faults.ts';

type Sampler = NonNullable<StartOptions['sampler']>;

const KEPT_SHARE = 0.01;

// OpenTelemetry's SpanKind and SamplingDecision.
const SERVER = 1;
const DROP = 0;
const KEEP = 2;

/** Decides for the span of an incoming request by chance, and for all others as for the span they are in. */
export function demoSampler(faults: Faults): Sampler {
  const isKept = (traceId: string): boolean => !faults.makes('sampling') || shareOf(traceId) < KEPT_SHARE;
  return {
    shouldSample(_context, traceId, _name, kind) {
      const keeps = kind === SERVER ? isKept(traceId) : (currentTrace()?.sampled ?? isKept(traceId));
      return { decision: keeps ? KEEP : DROP };
    },
    toString: () => 'all, or 1 % with mistake=sampling',
  };
}

/** From 0 up to 1, evenly, by the random part of the id that every sampler of a ratio looks at. */
function shareOf(traceId: string): number {
  return Number.parseInt(traceId.slice(-8), 16) / 2 ** 32;
}
