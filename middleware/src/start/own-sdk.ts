// Puts together an OpenTelemetry SDK of our own: exporters, processors, instrumentations, sampler, propagator.

import { context, propagation, trace } from '@opentelemetry/api';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import type { SpanLimits } from '@opentelemetry/sdk-trace';
import { propagatorFromEnvironment, unknownPropagatorLine } from '../propagation/index.ts';
import { MAX_ATTRIBUTE_LENGTH } from '../recording/text-limit.ts';
import { DEFAULT_SPAN_BUDGET, KeptSpanPropagator, SpanShaper } from '../shaping/index.ts';
import { reportFault } from '../shared/guard.ts';
import { sharedState } from '../shared/state.ts';
import * as lines from './console-lines.ts';
import * as environment from './environment.ts';
import { environmentComplaints } from './environment-complaints.ts';
import { chooseExporters } from './exporters.ts';
import { ownHandle } from './handles.ts';
import { listeningInstrumentations, stockInstrumentations } from './instrumentations.ts';
import { findOtherTracer } from './other-tracers.ts';
import { Reachability } from './reachability.ts';
import { makeRoute, type Route } from './routes.ts';
import { createSdk, type Sdk } from './sdk.ts';
import type { CompleteOptions, TracingHandle } from './types.ts';

/** Starts it, says so in a line, and asks once whether the backend is there. `onEnd` is called after the shutdown. */
export function startOwnSdk(options: CompleteOptions, log: lines.Log, onEnd: () => void): TracingHandle {
  for (const complaint of environmentComplaints()) log(lines.complaintLine(complaint));
  for (const name of propagatorFromEnvironment().unknown) log(unknownPropagatorLine(name));
  const other = findOtherTracer();
  if (other !== undefined)
    log(lines.otherTracerLine(other, 'two tracers cost twice and may break each other’s context'));
  const how = environment.instrumentationKind(options.instrumentation);
  const exporters = chooseExporters(options);
  const destination = lines.destinationOf(exporters?.map((each) => each.destination));
  const reachability = new Reachability(log, destination);
  const deadlineMs = options.shutdownDeadlineMs;
  const routes = exporters?.map((exporter) => makeRoute(exporter, deadlineMs, reachability.heard));
  const instrumentations = [
    ...(how === 'stock' ? stockInstrumentations() : listeningInstrumentations(options)),
    ...(options.instrumentations ?? []),
  ];
  const shaper = createShaper(routes, environment.spanBudgetOf(options.spanBudget));
  const { propagator } = propagatorFromEnvironment();
  const sdk = createSdk({
    service: environment.serviceFromEnvironment() === undefined ? options.service : undefined,
    instrumentations,
    processor: shaper ?? (routes === undefined ? undefined : 'nowhere'),
    sampler: options.sampler,
    spanLimits: routes === undefined ? limitsWithoutCap() : environment.spanLimits(),
    propagator: shaper === undefined || propagator === null ? propagator : new KeptSpanPropagator(propagator),
  });
  startOrUndo(sdk, instrumentations, routes);
  sharedState().instrumentation = how;
  const fixedName = environment.serviceFromEnvironment();
  const service = fixedName ?? options.service;
  const ofProcess = service === undefined ? undefined : { name: service, isFixed: fixedName !== undefined };
  sharedState().service = ofProcess;
  const sampler = options.sampler?.toString() ?? environment.samplerFromEnvironment();
  log(lines.startLine({ service, how, destination, sampler }));
  const url = exporters?.find((each) => each.url !== undefined)?.url;
  if (url !== undefined) reachability.probe(url);
  const end = (): void => {
    reachability.close();
    sharedState().instrumentation = undefined;
    // captureTraces() may have taken over meanwhile.
    if (sharedState().service === ofProcess) sharedState().service = undefined;
    onEnd();
  };
  const isBackendAway = (): boolean => reachability.isAway;
  const onLost = (count: number): void => log(lines.lostLine(count, destination));
  return ownHandle({
    sdk,
    instrumentations,
    routes,
    shaper,
    deadlineMs,
    isBackendAway,
    onLost,
    onEnd: end,
  });
}

/** Where the SDK makes its own processors there is no room for ours, so the SDK cuts, without a mark. */
function limitsWithoutCap(): SpanLimits {
  return {
    ...environment.spanLimits(),
    ...(environment.hasLengthLimit() ? {} : { attributeValueLengthLimit: MAX_ATTRIBUTE_LENGTH }),
  };
}

/** What stands between the spans and our own processors; `undefined` where there is none of those. */
function createShaper(
  routes: readonly Route[] = [],
  spanBudget = DEFAULT_SPAN_BUDGET,
): SpanShaper | undefined {
  const processors = routes.map(({ processor }) => processor);
  return processors.length === 0 ? undefined : new SpanShaper(processors, { spanBudget, foldRuns: true });
}

function startOrUndo(
  sdk: Sdk,
  instrumentations: readonly Instrumentation[],
  routes: readonly Route[] = [],
): void {
  try {
    sdk.start();
  } catch (error) {
    for (const instrumentation of instrumentations) instrumentation.disable?.();
    const ending = [sdk.shutdown(), ...routes.map(({ processor }) => processor.shutdown())];
    void Promise.all(ending).catch((fault: unknown) => reportFault('undoing a start that failed', fault));
    for (const api of [trace, context, propagation]) api.disable();
    throw error;
  }
}
