// The two SDKs that can carry our spans: a small one for traces alone, and OpenTelemetry's whole NodeSDK.

import {
  context,
  DiagConsoleLogger,
  diag,
  propagation,
  type TextMapPropagator,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { diagLogLevelFromString, getStringFromEnv } from '@opentelemetry/core';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import {
  defaultResource,
  detectResources,
  envDetector,
  hostDetector,
  osDetector,
  processDetector,
  type Resource,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources';
import { type Sampler, type SpanLimits, type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';
import { loadPackage } from '../shared/load-package.ts';
import { RandomIds } from './random-ids.ts';
import { createSampler } from './samplers.ts';

export interface SdkParts {
  /** Name for `service.name` when the environment has none. */
  readonly service: string | undefined;
  readonly instrumentations: readonly Instrumentation[];
  /** Where spans go; `undefined` leaves the choice to NodeSDK. */
  readonly processors: SpanProcessor[] | undefined;
  readonly sampler: Sampler | undefined;
  readonly spanLimits: SpanLimits;
  /** `null` when nothing is to be propagated. */
  readonly propagator: TextMapPropagator | null;
}

export interface Sdk {
  start(): void;
  shutdown(): Promise<void>;
}

/** What only NodeSDK can do: metrics, logs, gRPC exporters, a choice of resource detectors. */
function asksForNodeSdk(): boolean {
  const signals = ['OTEL_METRICS_EXPORTER', 'OTEL_LOGS_EXPORTER'];
  const asksForSignals = signals.some((name) => (getStringFromEnv(name) ?? 'none') !== 'none');
  return asksForSignals || getStringFromEnv('OTEL_NODE_RESOURCE_DETECTORS') !== undefined;
}

/** NodeSDK where the environment asks for more than traces over HTTP; else the small one, a third of its size. */
export function createSdk(parts: SdkParts): Sdk {
  if (parts.processors === undefined || asksForNodeSdk()) return createNodeSdk(parts);
  return new TraceSdk(parts, parts.processors);
}

class TraceSdk implements Sdk {
  readonly #parts: SdkParts;
  readonly #provider: TracerProvider;
  readonly #spanProcessors: readonly SpanProcessor[];

  constructor(parts: SdkParts, spanProcessors: SpanProcessor[]) {
    const level = getStringFromEnv('OTEL_LOG_LEVEL');
    if (level !== undefined) {
      diag.setLogger(new DiagConsoleLogger(), diagLogLevelFromString(level));
    }
    this.#parts = parts;
    this.#spanProcessors = spanProcessors;
    this.#provider = new TracerProvider({
      resource: describeProcess(parts.service),
      sampler: parts.sampler ?? createSampler(),
      spanLimits: parts.spanLimits,
      idGenerator: new RandomIds(),
      spanProcessors,
    });
  }

  start(): void {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    if (this.#parts.propagator !== null) propagation.setGlobalPropagator(this.#parts.propagator);
    const isMakingSpans = this.#spanProcessors.length > 0;
    if (isMakingSpans) trace.setGlobalTracerProvider(this.#provider);
    for (const instrumentation of this.#parts.instrumentations) {
      if (isMakingSpans) instrumentation.setTracerProvider(this.#provider);
      if (!instrumentation.getConfig().enabled) instrumentation.enable();
    }
  }

  shutdown(): Promise<void> {
    return this.#provider.shutdown();
  }
}

/** What NodeSDK describes by default (OpenTelemetry resource SDK): SDK, service instance, process, host, system, environment. */
function describeProcess(service: string | undefined): Resource {
  const detectors = [serviceInstanceIdDetector, processDetector, hostDetector, osDetector, envDetector];
  const resource = defaultResource().merge(detectResources({ detectors }));
  return service === undefined
    ? resource
    : resource.merge(resourceFromAttributes({ [ATTR_SERVICE_NAME]: service }));
}

function createNodeSdk(parts: SdkParts): Sdk {
  const { NodeSDK } = loadPackage<typeof import('@opentelemetry/sdk-node')>('@opentelemetry/sdk-node');
  return new NodeSDK({
    contextManager: new AsyncLocalStorageContextManager(),
    instrumentations: [...parts.instrumentations],
    ...(parts.service === undefined ? {} : { serviceName: parts.service }),
    ...(parts.sampler === undefined ? {} : { sampler: parts.sampler }),
    ...(parts.processors === undefined ? {} : { spanProcessors: parts.processors }),
    textMapPropagator: parts.propagator,
    spanLimits: parts.spanLimits,
    ...(getStringFromEnv('OTEL_METRICS_EXPORTER') === undefined ? { metricReaders: [] } : {}),
    ...(getStringFromEnv('OTEL_LOGS_EXPORTER') === undefined ? { logRecordProcessors: [] } : {}),
  });
}
