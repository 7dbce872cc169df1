// The two SDKs that can carry our spans: a small one for traces alone, and OpenTelemetry's whole NodeSDK.

import { DiagConsoleLogger, diag, propagation, type TextMapPropagator, trace } from '@opentelemetry/api';
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
import type { Sampler, SpanLimits, SpanProcessor } from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';
import { limitsFrom } from '../recording/limits.ts';
import { RandomIds } from '../recording/random-ids.ts';
import { Recorder } from '../recording/recorder.ts';
import { registerContextManager } from '../shared/active-context.ts';
import { loadPackage } from '../shared/load-package.ts';
import { AttributeCap } from './attribute-cap.ts';
import { createSampler } from './samplers.ts';

export interface SdkParts {
  /** Name for `service.name` when the environment has none. */
  readonly service: string | undefined;
  readonly instrumentations: readonly Instrumentation[];
  /** Where spans go; `'nowhere'` where none are made, `undefined` where NodeSDK chooses. */
  readonly processor: SpanProcessor | 'nowhere' | undefined;
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
  const { processor } = parts;
  if (processor === undefined || asksForNodeSdk()) return createNodeSdk(parts);
  return new TraceSdk(parts, processor === 'nowhere' ? undefined : processor);
}

class TraceSdk implements Sdk {
  readonly #parts: SdkParts;
  readonly #recorder: Recorder | undefined;

  constructor(parts: SdkParts, processor: SpanProcessor | undefined) {
    const level = getStringFromEnv('OTEL_LOG_LEVEL');
    if (level !== undefined) {
      diag.setLogger(new DiagConsoleLogger(), diagLogLevelFromString(level));
    }
    this.#parts = parts;
    if (processor === undefined) return;
    this.#recorder = new Recorder({
      resource: describeProcess(parts.service),
      sampler: parts.sampler ?? createSampler(),
      limits: limitsFrom(parts.spanLimits),
      ids: new RandomIds(),
      processor,
    });
  }

  start(): void {
    registerContextManager();
    if (this.#parts.propagator !== null) propagation.setGlobalPropagator(this.#parts.propagator);
    if (this.#recorder !== undefined) trace.setGlobalTracerProvider(this.#recorder);
    for (const instrumentation of this.#parts.instrumentations) {
      if (this.#recorder !== undefined) instrumentation.setTracerProvider(this.#recorder);
      if (!instrumentation.getConfig().enabled) instrumentation.enable();
    }
  }

  async shutdown(): Promise<void> {
    await this.#recorder?.shutdown();
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
    ...(parts.processor === undefined ? {} : { spanProcessors: processorsFor(parts) }),
    textMapPropagator: parts.propagator,
    spanLimits: parts.spanLimits,
    ...(getStringFromEnv('OTEL_METRICS_EXPORTER') === undefined ? { metricReaders: [] } : {}),
    ...(getStringFromEnv('OTEL_LOGS_EXPORTER') === undefined ? { logRecordProcessors: [] } : {}),
  });
}

/** The SDK's spans have long texts cut as they end, unless the environment has the SDK do it. */
function processorsFor({ processor, spanLimits }: SdkParts): SpanProcessor[] {
  if (processor === 'nowhere' || processor === undefined) return [];
  return Number.isFinite(spanLimits.attributeValueLengthLimit)
    ? [processor]
    : [new AttributeCap(), processor];
}
