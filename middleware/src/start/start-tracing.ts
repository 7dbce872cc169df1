// Starts tracing in this process, once, whoever asks first.

import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { isArrayOf, isDurationMs, isFunction, isHttpUrl, isOneOf, isString } from '../options/checks.ts';
import { type Check, parseOptions } from '../options/parse-options.ts';
import { sharedState } from '../shared/state.ts';
import { BatchProcessor } from './batch-processor.ts';
import * as lines from './console-lines.ts';
import * as environment from './environment.ts';
import { chooseExporters } from './exporters.ts';
import { idleHandle, joinedHandle, ownHandle } from './handles.ts';
import { listeningInstrumentations, stockInstrumentations } from './instrumentations.ts';
import { findOtherTracer, hasTracerProvider } from './other-tracers.ts';
import type { StartOptions, TracingHandle } from './types.ts';

const anything: Check = () => undefined;

const CHECKS: Record<keyof StartOptions, Check> = {
  service: isString,
  endpoint: isHttpUrl,
  instrumentation: isOneOf('listen', 'stock'),
  instrumentations: isArrayOf(anything),
  ignore: isArrayOf(anything),
  sampler: anything,
  exporter: anything,
  shutdownDeadlineMs: isDurationMs,
  log: isFunction,
};

const DEFAULT_DEADLINE_MS = 5000;

/**
 * Starts the OpenTelemetry SDK with our instrumentations. The first call wins: later ones, by whoever, return its
 * handle. Reads every `OTEL_*` variable, which win over the options.
 *
 * With `OTEL_SDK_DISABLED=true`, or on a Node.js that is too old, nothing is started and the handle does nothing.
 * Where an OpenTelemetry SDK is registered already, only our instrumentations are added to it.
 *
 * @throws LongpoleError `ERR_LONGPOLE_UNKNOWN_OPTION`, `ERR_LONGPOLE_INVALID_OPTION`
 */
export function startTracing(options: StartOptions = {}): TracingHandle {
  parseOptions('startTracing()', options, CHECKS);
  const state = sharedState();
  state.handle ??= start(options);
  return state.handle;
}

function start(options: StartOptions): TracingHandle {
  const log = options.log ?? lines.toStandardError;
  if (environment.isNodeTooOld(process.versions.node)) {
    log(lines.oldNodeLine(process.versions.node));
    return idleHandle();
  }
  if (environment.isDisabled()) {
    log(lines.disabledLine);
    return idleHandle();
  }
  sharedState().ignore.push(...(options.ignore ?? []));
  return hasTracerProvider() ? joinOtherSdk(log) : startOwnSdk(options, log);
}

function joinOtherSdk(log: lines.Log): TracingHandle {
  log(lines.otherTracerLine('an OpenTelemetry SDK', 'Longpole’s listeners make their spans with it'));
  return joinedHandle(listeningInstrumentations());
}

function startOwnSdk(options: StartOptions, log: lines.Log): TracingHandle {
  const other = findOtherTracer();
  if (other !== undefined)
    log(lines.otherTracerLine(other, 'two tracers cost twice and may break each other’s context'));
  const how = environment.instrumentationKind(options);
  const instrumentations = how === 'stock' ? stockInstrumentations() : listeningInstrumentations();
  const exporters = chooseExporters(options);
  const destination = lines.destinationOf(exporters?.map((each) => each.destination));
  const warning = new lines.ReachabilityWarning(log, destination);
  const processors = exporters?.map(
    ({ exporter }) => new BatchProcessor(exporter, environment.batchLimits(), warning),
  );
  const sdk = createSdk(options, instrumentations, processors);
  sdk.start();
  const service = environment.serviceFromEnvironment() ?? options.service ?? 'unknown_service:node';
  log(lines.startLine(service, how, destination, environment.samplerFromEnvironment()));
  const url = exporters?.find((each) => each.url !== undefined)?.url;
  if (url !== undefined) warning.probe(url);
  const deadlineMs = options.shutdownDeadlineMs ?? DEFAULT_DEADLINE_MS;
  return ownHandle({ sdk, instrumentations, processor: processors?.[0], deadlineMs, url });
}

function createSdk(
  options: StartOptions,
  instrumentations: Instrumentation[],
  processors: BatchProcessor[] | undefined,
): NodeSDK {
  const isNamed = environment.serviceFromEnvironment() !== undefined;
  return new NodeSDK({
    contextManager: new AsyncLocalStorageContextManager(),
    instrumentations: [...instrumentations, ...(options.instrumentations ?? [])],
    ...(isNamed || options.service === undefined ? {} : { serviceName: options.service }),
    ...(options.sampler === undefined ? {} : { sampler: options.sampler }),
    ...(processors === undefined ? {} : { spanProcessors: processors }),
    ...(process.env['OTEL_METRICS_EXPORTER'] === undefined ? { metricReaders: [] } : {}),
    ...(process.env['OTEL_LOGS_EXPORTER'] === undefined ? { logRecordProcessors: [] } : {}),
  });
}
