// What the OTEL_* and LONGPOLE_* variables say about this process, read once at the start.

import {
  getBooleanFromEnv,
  getNumberFromEnv,
  getStringFromEnv,
  getStringListFromEnv,
} from '@opentelemetry/core';
import type { BatchLimits } from './batch-processor.ts';
import type { StartOptions } from './types.ts';

/** Oldest Node.js whose channels tell all that is needed and that OpenTelemetry 3 supports. */
export const OLDEST_NODE: readonly [number, number] = [22, 15];

export const isDisabled = (): boolean => getBooleanFromEnv('OTEL_SDK_DISABLED') === true;

export const serviceFromEnvironment = (): string | undefined =>
  getStringFromEnv('OTEL_SERVICE_NAME') ??
  /(?:^|,)\s*service\.name=([^,]*)/.exec(process.env['OTEL_RESOURCE_ATTRIBUTES'] ?? '')?.[1];

/** The full URL that traces are posted to (OTLP exporter specification, "Endpoint URLs for OTLP/HTTP"). */
export function tracesUrl(endpoint: string | undefined): string {
  const full = getStringFromEnv('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
  if (full !== undefined) return full;
  const base = getStringFromEnv('OTEL_EXPORTER_OTLP_ENDPOINT') ?? endpoint ?? 'http://localhost:4318';
  return `${base.replace(/\/+$/, '')}/v1/traces`;
}

/** `OTEL_TRACES_EXPORTER`; `['otlp']` when it says nothing. */
export function exporterNames(): string[] {
  const names = getStringListFromEnv('OTEL_TRACES_EXPORTER') ?? [];
  return names.length === 0 ? ['otlp'] : [...new Set(names)];
}

/** `OTEL_EXPORTER_OTLP_(TRACES_)PROTOCOL`; JSON when it says nothing. */
export function otlpProtocol(): string {
  const name =
    getStringFromEnv('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') ?? getStringFromEnv('OTEL_EXPORTER_OTLP_PROTOCOL');
  return name ?? 'http/json';
}

export function instrumentationKind(options: StartOptions): 'listen' | 'stock' {
  const name = getStringFromEnv('LONGPOLE_INSTRUMENTATION') ?? options.instrumentation;
  return name === 'stock' ? 'stock' : 'listen';
}

/** The `OTEL_BSP_*` variables. The queue is larger and the delay shorter than the SDK's, which loses bursts. */
export function batchLimits(): BatchLimits {
  const maxQueueSize = positive('OTEL_BSP_MAX_QUEUE_SIZE') ?? 16_384;
  return {
    maxQueueSize,
    maxBatchSize: Math.min(positive('OTEL_BSP_MAX_EXPORT_BATCH_SIZE') ?? 512, maxQueueSize),
    delayMs: positive('OTEL_BSP_SCHEDULE_DELAY') ?? 1000,
    exportTimeoutMs: positive('OTEL_BSP_EXPORT_TIMEOUT') ?? 30_000,
  };
}

/** How the head sampler is named in the start line; nothing when everything is kept. */
export function samplerFromEnvironment(): string | undefined {
  const name = getStringFromEnv('OTEL_TRACES_SAMPLER');
  if (name === undefined || name.endsWith('always_on')) return undefined;
  const argument = getStringFromEnv('OTEL_TRACES_SAMPLER_ARG');
  return argument === undefined ? name : `${name} ${argument}`;
}

export function isNodeTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
}

function positive(name: string): number | undefined {
  const value = getNumberFromEnv(name);
  return value !== undefined && value > 0 ? value : undefined;
}
