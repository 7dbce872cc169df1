// Several applications of one process, each with a name of its own.

import { type Span, TraceFlags } from '@opentelemetry/api';
import { nameService } from '../shaping/index.ts';
import { sayOnce } from '../shared/say.ts';
import { sharedState } from '../shared/state.ts';

/** Remembers that an application has this name, and says so where no application can have one. */
export function registerService(service: string | undefined): void {
  if (service === undefined) return;
  const { appServices, service: ofProcess } = sharedState();
  appServices.add(service);
  if (ofProcess?.isFixed !== true || appServices.size < 2) return;
  sayOnce(
    `longpole: the environment names this process ${ofProcess.name}, so the names ${[...appServices].join(', ')} of its applications are not used; unset OTEL_SERVICE_NAME to have them`,
  );
}

/** Gives the request that the span belongs to the name of its application, unless the process has that name anyway. */
export function nameRequest(span: Span, service: string): void {
  const { appServices, service: ofProcess } = sharedState();
  if (ofProcess?.isFixed === true || (ofProcess?.name === service && appServices.size === 1)) return;
  if (nameService(span, service) || appServices.size === 1 || !isExported(span)) return;
  sayOnce(
    `longpole: the spans of ${[...appServices].join(' and ')} all have the service name of the process, because an OpenTelemetry SDK that was set up elsewhere sends them; give that one the name, or each application a process`,
  );
}

function isExported(span: Span): boolean {
  return span.isRecording() && (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;
}
