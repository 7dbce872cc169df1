// The tracers that are compared, each as a way to start the same application.

/** How a tracer sends its spans, which is what the sink has to understand. */
export type Protocol = 'otlp' | 'datadog' | 'elastic' | 'sentry' | 'newrelic';

export interface Variant {
  readonly name: string;
  readonly label: string;
  /** `undefined` for an application without a tracer. */
  readonly protocol?: Protocol;
  /** Modules that are loaded before the application. */
  readonly preload?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The packages whose versions are reported. */
  readonly packages?: readonly string[];
}

const OTEL = ['@opentelemetry/sdk-node', '@opentelemetry/instrumentation-http'];
const otel = (label: string, encoding: string, wanted: string): Variant => ({
  name: `otel-${wanted.replace(',', '-')}-${encoding}`,
  label,
  protocol: 'otlp',
  preload: ['./overhead/tracers/otel.cjs'],
  env: { BENCH_ENCODING: encoding, BENCH_INSTRUMENTATIONS: wanted },
  packages: OTEL,
});

const longpole = (name: string, label: string, env: Record<string, string>): Variant => ({
  name,
  label,
  protocol: 'otlp',
  env: { BENCH_LONGPOLE: '@longpole/express', ...env },
});

export const BARE: Variant = { name: 'bare', label: 'Express without a tracer' };

/** The default configuration with `tracing()` mounted and three attributes read. */
export const LONGPOLE: Variant = longpole('longpole', '**Longpole**, every request', {});
/** Another build of Longpole, such as the one before a change. */
export const before = (folder: string): Variant =>
  longpole('before', 'Longpole, the build to compare with', { BENCH_LONGPOLE: folder });

const ONE_PERCENT = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.01' };

export const STOCK: Variant = otel('OpenTelemetry http + express, protobuf', 'protobuf', 'http,express');

export const VARIANTS: readonly Variant[] = [
  { ...BARE, name: 'bare-again', label: 'Express without a tracer, once more (A/A)' },
  longpole('longpole-off', 'Longpole, `OTEL_SDK_DISABLED=true`', { OTEL_SDK_DISABLED: 'true' }),
  longpole('longpole-1-percent', 'Longpole, 1 % of the requests', ONE_PERCENT),
  LONGPOLE,
  longpole('longpole-protobuf', 'Longpole, every request, OTLP/protobuf', {
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
  }),
  {
    ...longpole('longpole-stock', 'Longpole on OpenTelemetry’s instrumentations', {
      LONGPOLE_INSTRUMENTATION: 'stock',
    }),
    preload: ['@longpole/express/register'],
  },
  otel('OpenTelemetry http only, protobuf', 'protobuf', 'http'),
  STOCK,
  otel('OpenTelemetry http + express, JSON', 'json', 'http,express'),
  {
    name: 'dd-trace',
    label: 'dd-trace, without spans of middlewares',
    protocol: 'datadog',
    preload: ['dd-trace/init'],
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
    preload: ['elastic-apm-node/start.js'],
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
    preload: ['newrelic'],
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
    preload: ['./overhead/tracers/sentry.cjs'],
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
      return { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_BSP_SCHEDULE_DELAY: '1000' };
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
