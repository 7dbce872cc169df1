// What the OTEL_* and LONGPOLE_* variables say about this process. A value that makes no sense counts as not set.

import {
  getBooleanFromEnv,
  getNumberFromEnv,
  getStringFromEnv,
  getStringListFromEnv,
} from '@opentelemetry/core';
import { detectResources, envDetector } from '@opentelemetry/resources';
import type { SpanLimits } from '@opentelemetry/sdk-trace';
import { LAYERS, type Layers } from '../express/layer-kind.ts';
import { isHttpUrl } from '../options/checks.ts';
import { TRUST_WORDS, type TrustWord } from '../trust/trust-inbound.ts';
import type { BatchLimits } from './batch-processor.ts';

/** Oldest Node.js whose channels tell all that is needed and that OpenTelemetry 3 supports. */
export const OLDEST_NODE: readonly [number, number] = [22, 15];

export const EXPORTERS: readonly string[] = ['otlp', 'console', 'none', 'zipkin'];
export const PROTOCOLS: readonly string[] = ['http/json', 'http/protobuf', 'grpc'];

export const isDisabled = (): boolean => getBooleanFromEnv('OTEL_SDK_DISABLED');

/** `service.name` by `OTEL_SERVICE_NAME`, else by `OTEL_RESOURCE_ATTRIBUTES`. */
export function serviceFromEnvironment(): string | undefined {
  const name = detectResources({ detectors: [envDetector] }).attributes['service.name'];
  return typeof name === 'string' && name !== '' ? name : undefined;
}

/** The full URL that traces are posted to (OTLP exporter specification, "Endpoint URLs for OTLP/HTTP"). */
export function tracesUrl(endpoint: string | undefined): string {
  const full = urlFrom('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
  if (full !== undefined) return full.href;
  const base = urlFrom('OTEL_EXPORTER_OTLP_ENDPOINT') ?? new URL(endpoint ?? 'http://localhost:4318');
  base.pathname = `${base.pathname.replace(/\/+$/, '')}/v1/traces`;
  return base.href;
}

/** The full URL that spans are posted to in Zipkin's format. */
export function zipkinUrl(): string {
  return urlFrom('OTEL_EXPORTER_ZIPKIN_ENDPOINT')?.href ?? 'http://localhost:9411/api/v2/spans';
}

/** The names in `OTEL_TRACES_EXPORTER` that are known; `['otlp']` when there is none. */
export function exporterNames(): string[] {
  const names = (getStringListFromEnv('OTEL_TRACES_EXPORTER') ?? []).filter((n) => EXPORTERS.includes(n));
  return names.length === 0 ? ['otlp'] : [...new Set(names)];
}

/** `OTEL_EXPORTER_OTLP_(TRACES_)PROTOCOL`; protobuf when it says nothing (OTLP exporter specification). */
export function otlpProtocol(): string {
  const names = [
    getStringFromEnv('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'),
    getStringFromEnv('OTEL_EXPORTER_OTLP_PROTOCOL'),
  ];
  return names.map((name) => name?.trim() ?? '').find((name) => PROTOCOLS.includes(name)) ?? 'http/protobuf';
}

/** `OTEL_EXPORTER_OTLP_(TRACES_)TIMEOUT`, in milliseconds. */
export function otlpTimeoutMs(): number {
  return positive('OTEL_EXPORTER_OTLP_TRACES_TIMEOUT') ?? positive('OTEL_EXPORTER_OTLP_TIMEOUT') ?? 10_000;
}

/** `LONGPOLE_INSTRUMENTATION`, which wins over the option. */
export function instrumentationKind(option: 'listen' | 'stock' | undefined): 'listen' | 'stock' {
  const name = getStringFromEnv('LONGPOLE_INSTRUMENTATION')?.trim();
  return name === 'stock' || name === 'listen' ? name : (option ?? 'listen');
}

/** `LONGPOLE_LAYERS`, which wins over the option. */
export function layersOf(option: Layers | undefined): Layers {
  const name = getStringFromEnv('LONGPOLE_LAYERS')?.trim();
  return LAYERS.find((each) => each === name) ?? option ?? 'none';
}

/** `LONGPOLE_SPAN_BUDGET`, which wins over the option. */
export function spanBudgetOf(option: number | undefined): number | undefined {
  return wholeNumber('LONGPOLE_SPAN_BUDGET') ?? option;
}

/** `LONGPOLE_TRUST_INBOUND`, which wins over the words that the code may have. */
export function trustInbound(): TrustWord | undefined {
  const word = getStringFromEnv('LONGPOLE_TRUST_INBOUND')?.trim();
  return TRUST_WORDS.includes(word ?? '') ? (word as TrustWord) : undefined;
}

/** Most spans sent in one request when there is a backlog. */
const BACKLOG_BATCH_SIZE = 2048;
const MAX_BATCH_BYTES = 8 * 1024 * 1024;

/** The `OTEL_BSP_*` variables. The queue is larger and the delay shorter than the SDK's, which loses bursts. */
export function batchLimits(flushDeadlineMs: number): BatchLimits {
  const maxQueueSize = positive('OTEL_BSP_MAX_QUEUE_SIZE') ?? 16_384;
  const batchSize = positive('OTEL_BSP_MAX_EXPORT_BATCH_SIZE');
  return {
    maxQueueSize,
    fullBatchSize: Math.min(batchSize ?? 512, maxQueueSize),
    maxBatchSize: Math.min(batchSize ?? BACKLOG_BATCH_SIZE, maxQueueSize),
    maxBatchBytes: MAX_BATCH_BYTES,
    delayMs: positive('OTEL_BSP_SCHEDULE_DELAY') ?? 1000,
    exportTimeoutMs: positive('OTEL_BSP_EXPORT_TIMEOUT') ?? 30_000,
    flushDeadlineMs,
  };
}

/** How the head sampler is named in the start line; nothing when everything is kept. */
export function samplerFromEnvironment(): string | undefined {
  const name = getStringFromEnv('OTEL_TRACES_SAMPLER');
  if (name === undefined || !/^(parentbased_)?(always_off|traceidratio)$/.test(name)) return undefined;
  return name.endsWith('traceidratio') ? `${name} ${samplerRatio() ?? 1}` : name;
}

/** `OTEL_TRACES_SAMPLER_ARG` when it is a ratio. */
export function samplerRatio(): number | undefined {
  const ratio = getNumberFromEnv('OTEL_TRACES_SAMPLER_ARG');
  return ratio !== undefined && ratio >= 0 && ratio <= 1 ? ratio : undefined;
}

const LIMITS: readonly (readonly [keyof SpanLimits, string, string])[] = [
  ['attributeCountLimit', 'OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', 'OTEL_ATTRIBUTE_COUNT_LIMIT'],
  [
    'attributeValueLengthLimit',
    'OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT',
    'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT',
  ],
  ['eventCountLimit', 'OTEL_SPAN_EVENT_COUNT_LIMIT', ''],
  ['linkCountLimit', 'OTEL_SPAN_LINK_COUNT_LIMIT', ''],
  ['attributePerEventCountLimit', 'OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT', ''],
  ['attributePerLinkCountLimit', 'OTEL_LINK_ATTRIBUTE_COUNT_LIMIT', ''],
];

/** `OTEL_SPAN_*_LIMIT` and their kin. The SDK reads them too, but takes a negative number as it is. */
export function spanLimits(): SpanLimits {
  const limits: SpanLimits = {};
  for (const [limit, ...names] of LIMITS) {
    const value = names.map(wholeNumber).find((number) => number !== undefined);
    if (value !== undefined) limits[limit] = value;
    else if (names.some((name) => process.env[name] !== undefined)) {
      limits[limit] = limit === 'attributeValueLengthLimit' ? Infinity : 128;
    }
  }
  return limits;
}

/** Whether the environment limits the length of attributes; then the SDK cuts them, without a mark. */
export function hasLengthLimit(): boolean {
  return Number.isFinite(spanLimits().attributeValueLengthLimit);
}

export function isNodeTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
}

function positive(name: string): number | undefined {
  const value = getNumberFromEnv(name);
  return value !== undefined && value > 0 ? value : undefined;
}

function wholeNumber(name: string): number | undefined {
  const value = getNumberFromEnv(name);
  return value !== undefined && Number.isInteger(value) && value >= 0 ? value : undefined;
}

function urlFrom(name: string): URL | undefined {
  const text = getStringFromEnv(name)?.trim();
  return text !== undefined && isHttpUrl(text) === undefined ? new URL(text) : undefined;
}
