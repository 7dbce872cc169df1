// Starts tracing in this process, once, whoever asks first.

import { isMainThread } from 'node:worker_threads';
import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { isIgnoreRule } from '../http/ignore.ts';
import * as checks from '../options/checks.ts';
import { type Check, parseOptions } from '../options/parse-options.ts';
import { propagatorFromEnvironment, unknownPropagatorLine } from '../propagation/index.ts';
import { reportFault } from '../shared/guard.ts';
import { sharedState } from '../shared/state.ts';
import * as lines from './console-lines.ts';
import * as environment from './environment.ts';
import { environmentComplaints } from './environment-complaints.ts';
import { chooseExporters } from './exporters.ts';
import { idleHandle, joinedHandle, ownHandle } from './handles.ts';
import { listeningInstrumentations, stockInstrumentations } from './instrumentations.ts';
import { findOtherTracer, hasTracerProvider } from './other-tracers.ts';
import { Reachability } from './reachability.ts';
import { makeRoute, type Route } from './routes.ts';
import type { StartOptions, TracingHandle } from './types.ts';

const CHECKS: Record<keyof StartOptions, Check> = {
  service: checks.isString,
  endpoint: checks.isOtlpBaseUrl,
  instrumentation: checks.isOneOf('listen', 'stock'),
  instrumentations: checks.isArrayOf(checks.hasMethod('enable', 'an OpenTelemetry instrumentation')),
  ignore: checks.isArrayOf(isIgnoreRule),
  sampler: checks.hasMethod('shouldSample', 'an OpenTelemetry sampler'),
  exporter: checks.hasMethod('export', 'an OpenTelemetry span exporter'),
  shutdownDeadlineMs: checks.isDurationMs,
  log: checks.isFunction,
};

const DEFAULT_DEADLINE_MS = 5000;

/**
 * Starts the OpenTelemetry SDK with our instrumentations. The first call wins: later ones, by whoever, return its
 * handle. Reads every `OTEL_*` variable; for names and addresses they win over the options.
 *
 * With `OTEL_SDK_DISABLED=true`, on a Node.js that is too old, or when starting fails, the handle does nothing.
 * Where an OpenTelemetry SDK is registered already, only our instrumentations are added to it.
 *
 * @throws LongpoleError `ERR_LONGPOLE_UNKNOWN_OPTION`, `ERR_LONGPOLE_INVALID_OPTION`
 */
export function startTracing(options: StartOptions = {}): TracingHandle {
  parseOptions('startTracing()', options, CHECKS);
  const state = sharedState();
  state.handle ??= startSafely(options);
  return state.handle;
}

function startSafely(options: StartOptions): TracingHandle {
  // Worker threads inherit `--import`; their main thread has said it all.
  const log = lines.safely(options.log ?? (isMainThread ? lines.toStandardError : () => {}));
  try {
    return start(options, log);
  } catch (error) {
    reportFault('starting', error);
    log(lines.failedStartLine(error));
    return idleHandle();
  }
}

function start(options: StartOptions, log: lines.Log): TracingHandle {
  if (environment.isNodeTooOld(process.versions.node)) {
    log(lines.oldNodeLine(process.versions.node));
    return idleHandle();
  }
  if (environment.isDisabled()) {
    log(lines.disabledLine);
    return idleHandle();
  }
  const { ignore } = sharedState();
  const ownRules = options.ignore ?? [];
  ignore.push(...ownRules);
  const forgetRules = (): void => {
    for (const rule of ownRules) ignore.splice(ignore.indexOf(rule), 1);
  };
  try {
    return hasTracerProvider()
      ? joinOtherSdk(options, log, forgetRules)
      : startOwnSdk(options, log, forgetRules);
  } catch (error) {
    forgetRules();
    throw error;
  }
}

function joinOtherSdk(options: StartOptions, log: lines.Log, onEnd: () => void): TracingHandle {
  log(lines.otherTracerLine('an OpenTelemetry SDK', 'Longpole’s listeners make their spans with it'));
  const instrumentations = [...listeningInstrumentations(), ...(options.instrumentations ?? [])];
  return joinedHandle(instrumentations, options.shutdownDeadlineMs ?? DEFAULT_DEADLINE_MS, onEnd);
}

function startOwnSdk(options: StartOptions, log: lines.Log, onEnd: () => void): TracingHandle {
  for (const complaint of environmentComplaints()) log(lines.complaintLine(complaint));
  for (const name of propagatorFromEnvironment().unknown) log(unknownPropagatorLine(name));
  const other = findOtherTracer();
  if (other !== undefined)
    log(lines.otherTracerLine(other, 'two tracers cost twice and may break each other’s context'));
  const how = environment.instrumentationKind(options.instrumentation);
  const exporters = chooseExporters(options);
  const destination = lines.destinationOf(exporters?.map((each) => each.destination));
  const reachability = new Reachability(log, destination);
  const deadlineMs = options.shutdownDeadlineMs ?? DEFAULT_DEADLINE_MS;
  const routes = exporters?.map((exporter) => makeRoute(exporter, deadlineMs, reachability.heard));
  const instrumentations = [
    ...(how === 'stock' ? stockInstrumentations() : listeningInstrumentations()),
    ...(options.instrumentations ?? []),
  ];
  const sdk = createSdk(options, instrumentations, routes);
  startOrUndo(sdk, instrumentations);
  const service = environment.serviceFromEnvironment() ?? options.service;
  const sampler = options.sampler?.toString() ?? environment.samplerFromEnvironment();
  log(lines.startLine({ service, how, destination, sampler }));
  const url = exporters?.find((each) => each.otlp !== undefined)?.otlp?.url;
  if (url !== undefined) reachability.probe(url);
  const end = (): void => {
    reachability.close();
    onEnd();
  };
  return ownHandle({ sdk, instrumentations, routes, deadlineMs, onEnd: end });
}

function startOrUndo(sdk: NodeSDK, instrumentations: readonly Instrumentation[]): void {
  try {
    sdk.start();
  } catch (error) {
    for (const instrumentation of instrumentations) instrumentation.disable?.();
    void sdk.shutdown().catch((fault: unknown) => reportFault('undoing a start that failed', fault));
    for (const api of [trace, context, propagation]) api.disable();
    throw error;
  }
}

function createSdk(
  options: StartOptions,
  instrumentations: Instrumentation[],
  routes: readonly Route[] | undefined,
): NodeSDK {
  const { propagator } = propagatorFromEnvironment();
  const isNamed = environment.serviceFromEnvironment() !== undefined;
  return new NodeSDK({
    contextManager: new AsyncLocalStorageContextManager(),
    instrumentations,
    ...(isNamed || options.service === undefined ? {} : { serviceName: options.service }),
    ...(options.sampler === undefined ? {} : { sampler: options.sampler }),
    ...(routes === undefined ? {} : { spanProcessors: routes.map(({ processor }) => processor) }),
    textMapPropagator: propagator,
    spanLimits: environment.spanLimits(),
    ...(process.env['OTEL_METRICS_EXPORTER'] === undefined ? { metricReaders: [] } : {}),
    ...(process.env['OTEL_LOGS_EXPORTER'] === undefined ? { logRecordProcessors: [] } : {}),
  });
}
