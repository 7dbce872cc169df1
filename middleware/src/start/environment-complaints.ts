// Finds the OTEL_* and LONGPOLE_* variables whose values make no sense, and says what is done instead.

import { accessSync, constants } from 'node:fs';
import { getStringFromEnv } from '@opentelemetry/core';
import { detectResources, resourceAttributesEnvDetector } from '@opentelemetry/resources';
import { LAYERS } from '../express/layer-kind.ts';
import { redactUrl } from '../http/redact-url.ts';
import { isHttpUrl } from '../options/checks.ts';
import { TRUST_WORDS } from '../trust/trust-inbound.ts';
import { EXPORTERS, otlpProtocol, PROTOCOLS, samplerRatio } from './environment.ts';

interface Rule {
  readonly names: readonly string[];
  readonly isFine: (value: string) => boolean;
  readonly expected: string;
  readonly instead: string;
  /** How the value is shown; `undefined` when it may hold a secret. */
  readonly show?: (value: string) => string | undefined;
}

const SAMPLERS = ['always_on', 'always_off', 'traceidratio'].flatMap((name) => [name, `parentbased_${name}`]);
const LOG_LEVELS = ['NONE', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'VERBOSE', 'ALL'];
const RATIO = 'a number from 0 to 1';

const otlp = (setting: string): string[] => [
  `OTEL_EXPORTER_OTLP_TRACES_${setting}`,
  `OTEL_EXPORTER_OTLP_${setting}`,
];
const spanLimits = ['ATTRIBUTE_COUNT', 'ATTRIBUTE_VALUE_LENGTH', 'EVENT_COUNT', 'LINK_COUNT'].map(
  (limit) => `OTEL_SPAN_${limit}_LIMIT`,
);
const otherLimits = [
  'ATTRIBUTE_COUNT',
  'ATTRIBUTE_VALUE_LENGTH',
  'EVENT_ATTRIBUTE_COUNT',
  'LINK_ATTRIBUTE_COUNT',
];

const isPositive = (value: string): boolean => Number(value) > 0 && Number.isFinite(Number(value));
const isWhole = (value: string): boolean => /^\s*\d+\s*$/.test(value);
const isOne = (known: readonly string[]) => (value: string) => known.includes(value.trim());
const areAll =
  (isFine: (item: string) => boolean) =>
  (value: string): boolean =>
    value.split(',').every((item) => item.trim() === '' || isFine(item.trim()));

const RULES: readonly Rule[] = [
  {
    names: ['LONGPOLE_INSTRUMENTATION'],
    isFine: isOne(['listen', 'stock']),
    expected: 'listen or stock',
    instead: 'what the code says, or listening',
  },
  {
    names: ['LONGPOLE_LAYERS'],
    isFine: isOne(LAYERS),
    expected: `one of ${LAYERS.join(', ')}`,
    instead: 'what the code says, or none',
  },
  {
    names: ['LONGPOLE_SPAN_BUDGET'],
    isFine: isWhole,
    expected: 'a whole number, 0 for no limit',
    instead: 'what the code says, or 200',
  },
  {
    names: ['LONGPOLE_TRUST_INBOUND'],
    isFine: isOne(TRUST_WORDS),
    expected: `one of ${TRUST_WORDS.join(', ')}`,
    instead: 'what the code says, or private',
  },
  {
    names: ['OTEL_SDK_DISABLED'],
    isFine: (value) => /^(true|false)$/i.test(value.trim()),
    expected: 'true or false',
    instead: 'false',
  },
  {
    names: ['OTEL_LOG_LEVEL'],
    isFine: (value) => LOG_LEVELS.includes(value.trim().toUpperCase()),
    expected: `one of ${LOG_LEVELS.join(', ')}`,
    instead: 'INFO',
  },
  {
    names: ['OTEL_TRACES_EXPORTER'],
    isFine: areAll(isOne(EXPORTERS)),
    expected: `a list of ${EXPORTERS.join(', ')}`,
    instead: 'the known ones, or otlp',
  },
  {
    names: ['OTEL_TRACES_SAMPLER'],
    isFine: (value) => SAMPLERS.includes(value),
    expected: `one of ${SAMPLERS.join(', ')}`,
    instead: 'parentbased_always_on',
  },
  {
    names: otlp('PROTOCOL'),
    isFine: isOne(PROTOCOLS),
    expected: `one of ${PROTOCOLS.join(', ')}`,
    instead: 'the next best setting, or http/protobuf',
  },
  {
    names: otlp('ENDPOINT'),
    isFine: (value) => otlpProtocol() === 'grpc' || isHttpUrl(value.trim()) === undefined,
    expected: 'a URL that begins with http:// or https://',
    instead: 'the next best setting, or http://localhost:4318',
    show: (value) => redactUrl(value),
  },
  {
    names: ['OTEL_EXPORTER_ZIPKIN_ENDPOINT'],
    isFine: (value) => isHttpUrl(value.trim()) === undefined,
    expected: 'a URL that begins with http:// or https://',
    instead: 'http://localhost:9411/api/v2/spans',
    show: (value) => redactUrl(value),
  },
  {
    names: otlp('HEADERS'),
    isFine: areAll((pair) => /^[^=\s]+\s*=/.test(pair)),
    expected: 'a list of name=value',
    instead: 'the pairs that are complete',
    show: () => undefined,
  },
  {
    names: otlp('COMPRESSION'),
    isFine: isOne(['none', 'gzip']),
    expected: 'none or gzip',
    instead: 'the next best setting, or none',
  },
  {
    names: otlp('TIMEOUT'),
    isFine: isPositive,
    expected: 'milliseconds above 0',
    instead: 'the next best setting, or 10000',
  },
  {
    names: ['CERTIFICATE', 'CLIENT_KEY', 'CLIENT_CERTIFICATE'].flatMap(otlp),
    isFine: isReadable,
    expected: 'a file that can be read',
    instead: 'none',
  },
  {
    names: ['MAX_QUEUE_SIZE', 'MAX_EXPORT_BATCH_SIZE', 'SCHEDULE_DELAY', 'EXPORT_TIMEOUT'].map(
      (setting) => `OTEL_BSP_${setting}`,
    ),
    isFine: isPositive,
    expected: 'a number above 0',
    instead: 'the default',
  },
  {
    names: [...spanLimits, ...otherLimits.map((limit) => `OTEL_${limit}_LIMIT`)],
    isFine: isWhole,
    expected: 'a whole number, 0 or more',
    instead: 'the default',
  },
  {
    names: ['OTEL_RESOURCE_ATTRIBUTES'],
    isFine: () =>
      Object.keys(detectResources({ detectors: [resourceAttributesEnvDetector] }).attributes).length > 0,
    expected: 'a list of key=value, values percent-encoded',
    instead: 'none of it',
  },
];

/** One sentence for each variable whose value cannot be used. */
export function environmentComplaints(): string[] {
  return [...RULES.flatMap(complaintsOf), ...ratioComplaint()];
}

function complaintsOf({ names, isFine, expected, instead, show = (value) => value }: Rule): string[] {
  return names.flatMap((name) => {
    const value = getStringFromEnv(name);
    return value === undefined || isFine(value) ? [] : [complaint(name, show(value), expected, instead)];
  });
}

function ratioComplaint(): string[] {
  const isRatioSampler = /^(parentbased_)?traceidratio$/.test(process.env['OTEL_TRACES_SAMPLER'] ?? '');
  if (!isRatioSampler || samplerRatio() !== undefined) return [];
  const value = getStringFromEnv('OTEL_TRACES_SAMPLER_ARG');
  return value === undefined
    ? [`OTEL_TRACES_SAMPLER_ARG is not set: expected ${RATIO}; using 1`]
    : [complaint('OTEL_TRACES_SAMPLER_ARG', value, RATIO, '1')];
}

function complaint(name: string, value: string | undefined, expected: string, instead: string): string {
  const given = value === undefined ? `${name} cannot be used` : `${name}=${printable(value)} cannot be used`;
  return `${given}: expected ${expected}; using ${instead}`;
}

function printable(value: string): string {
  const text = JSON.stringify(value).slice(1, -1);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
