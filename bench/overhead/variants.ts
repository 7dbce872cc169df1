// The tracers that are compared, each as a way to start the same application.

import { join } from 'node:path';

/** How a tracer sends its spans, which is what the sink has to understand. */
export type Protocol = 'otlp' | 'datadog' | 'elastic' | 'sentry' | 'newrelic';

export interface Variant {
  readonly name: string;
  readonly label: string;
  /** `undefined` for an application without a tracer. */
  readonly protocol?: Protocol;
  /** Arguments of Node.js that load the tracer before the application, as its documentation says. */
  readonly preload?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The longest that a span waits before it is sent, where that is more than two seconds. */
  readonly longestWaitMs?: number;
  /** The packages whose versions are reported. */
  readonly packages?: readonly string[];
  /** Measured when it is asked for, and in a full run. */
  readonly isExtra?: boolean;
}

const OTEL = ['@opentelemetry/sdk-node', '@opentelemetry/instrumentation-http'];
const otel = (label: string, encoding: string, wanted: string): Variant => ({
  name: `otel-${wanted.replace(',', '-')}-${encoding}`,
  label,
  protocol: 'otlp',
  preload: ['--require', './overhead/tracers/otel.cjs'],
  env: { BENCH_ENCODING: encoding, BENCH_INSTRUMENTATIONS: wanted },
  packages: OTEL,
});

const OWN_FOLDER = join(import.meta.dirname, '..', '..', 'middleware');
const longpole = (name: string, label: string, env: Record<string, string>): Variant => ({
  name,
  label,
  protocol: 'otlp',
  env: { BENCH_LONGPOLE: OWN_FOLDER, ...env },
});

export const BARE: Variant = { name: 'bare', label: 'Express without a tracer' };

/** The default configuration with `tracing()` mounted and three attributes read. */
export const LONGPOLE: Variant = longpole('longpole', '**Longpole**, every request', {});
/** Another build of Longpole, such as the one before a change. */
export const before = (folder: string): Variant =>
  longpole('before', 'Longpole, the build to compare with', { BENCH_LONGPOLE: folder });

/** As `--import @longpole/express/register` starts it, without a line in the application. */
export const REGISTER: Variant = {
  name: 'longpole-register',
  label: '**Longpole**, `register`',
  protocol: 'otlp',
  preload: ['--import', '@longpole/express/register'],
};

const ONE_PERCENT = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.01' };

/** OpenTelemetry as its documentation sets it up. */
export const STOCK: Variant = otel('OpenTelemetry http + express, JSON', 'json', 'http,express');

const IN_SDK: Variant = {
  ...otel('Longpole’s instrumentations in OpenTelemetry’s NodeSDK', 'protobuf', 'longpole'),
  name: 'longpole-in-sdk',
};

export const VARIANTS: readonly Variant[] = [
  { ...BARE, name: 'bare-again', label: 'Express without a tracer, once more (A/A)' },
  longpole('longpole-disabled', 'Longpole, `OTEL_SDK_DISABLED=true`', { OTEL_SDK_DISABLED: 'true' }),
  longpole('longpole-off', 'Longpole, `OTEL_TRACES_SAMPLER=always_off`', {
    OTEL_TRACES_SAMPLER: 'always_off',
  }),
  longpole('longpole-1-percent', 'Longpole, 1 % of the requests', ONE_PERCENT),
  LONGPOLE,
  {
    ...longpole('longpole-json', 'Longpole, every request, OTLP/JSON', {
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    }),
    isExtra: true,
  },
  {
    ...longpole('longpole-stock', 'Longpole on OpenTelemetry’s instrumentations', {
      LONGPOLE_INSTRUMENTATION: 'stock',
    }),
    preload: ['--import', '@longpole/express/register'],
  },
  { ...IN_SDK, env: { ...IN_SDK.env, BENCH_LONGPOLE: OWN_FOLDER }, isExtra: true },
  otel('OpenTelemetry http only, protobuf', 'protobuf', 'http'),
  STOCK,
  { ...otel('OpenTelemetry http + express, protobuf', 'protobuf', 'http,express'), isExtra: true },
  {
    name: 'dd-trace',
    label: 'dd-trace, without spans of middlewares',
    protocol: 'datadog',
    preload: ['--require', 'dd-trace/init'],
    env: {
      DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
      DD_REMOTE_CONFIGURATION_ENABLED: 'false',
      DD_TRACE_STARTUP_LOGS: 'false',
      DD_TRACE_MIDDLEWARE_TRACING_ENABLED: 'false',
    },
    packages: ['dd-trace'],
  },
  {
    name: 'elastic',
    label: 'elastic-apm-node',
    protocol: 'elastic',
    preload: ['--require', 'elastic-apm-node/start.js'],
    env: {
      ELASTIC_APM_CENTRAL_CONFIG: 'false',
      ELASTIC_APM_METRICS_INTERVAL: '0s',
      ELASTIC_APM_CLOUD_PROVIDER: 'none',
      ELASTIC_APM_API_REQUEST_TIME: '1s',
      ELASTIC_APM_LOG_LEVEL: 'off',
    },
    packages: ['elastic-apm-node'],
  },
  {
    name: 'newrelic',
    label: 'newrelic',
    protocol: 'newrelic',
    preload: ['--require', 'newrelic'],
    env: {
      NEW_RELIC_NO_CONFIG_FILE: 'true',
      NEW_RELIC_LICENSE_KEY: '0'.repeat(40),
      NEW_RELIC_HOST: 'localhost',
      NEW_RELIC_LOG_ENABLED: 'false',
      NEW_RELIC_UTILIZATION_DETECT_AWS: 'false',
      NEW_RELIC_UTILIZATION_DETECT_AZURE: 'false',
      NEW_RELIC_UTILIZATION_DETECT_AZUREFUNCTION: 'false',
      NEW_RELIC_UTILIZATION_DETECT_GCP: 'false',
      NEW_RELIC_UTILIZATION_DETECT_PCF: 'false',
      NEW_RELIC_UTILIZATION_DETECT_KUBERNETES: 'false',
      NEW_RELIC_DISTRIBUTED_TRACING_ENABLED: 'true',
      NEW_RELIC_SPAN_EVENTS_MAX_SAMPLES_STORED: '10000',
    },
    packages: ['newrelic'],
  },
  {
    name: 'sentry',
    label: '@sentry/node',
    protocol: 'sentry',
    preload: ['--require', './overhead/tracers/sentry.cjs'],
    longestWaitMs: 5000,
    packages: ['@sentry/node'],
  },
];

/** The environment that sends a tracer's spans to the sink. Bare Express has none. */
export function sinkEnvironment(protocol: Protocol | undefined, port: number): Record<string, string> {
  const url = `http://127.0.0.1:${port}`;
  switch (protocol) {
    case undefined:
      return {};
    case 'otlp':
      return {
        OTEL_EXPORTER_OTLP_ENDPOINT: url,
        OTEL_BSP_SCHEDULE_DELAY: '1000',
        OTEL_METRICS_EXPORTER: 'none',
        OTEL_LOGS_EXPORTER: 'none',
      };
    case 'datadog':
      return { DD_TRACE_AGENT_URL: url, DD_SERVICE: 'bench' };
    case 'elastic':
      return { ELASTIC_APM_SERVER_URL: url, ELASTIC_APM_SERVICE_NAME: 'bench' };
    case 'sentry':
      return { BENCH_DSN: `http://public@127.0.0.1:${port}/1` };
    case 'newrelic':
      return { NEW_RELIC_PORT: String(port), NEW_RELIC_APP_NAME: 'bench' };
  }
}
