// Finds tracers that already run in this process, by the marks they leave.

import { trace } from '@opentelemetry/api';

type Globals = Record<string | symbol, unknown>;

/** The name of another tracer in this process, or `undefined`. */
export function findOtherTracer(): string | undefined {
  if (hasTracerProvider()) return 'an OpenTelemetry SDK';
  const globals = globalThis as unknown as Globals;
  if (globals[Symbol.for('dd-trace')] !== undefined || globals['_ddtrace'] !== undefined) return 'dd-trace';
  if (globals[Symbol.for('ElasticAPMAgentInitStarted')] !== undefined) return 'elastic-apm-node';
  if (isLoaded('newrelic')) return 'newrelic';
  return undefined;
}

/** Whether somebody registered a tracer provider with the OpenTelemetry API. */
export function hasTracerProvider(): boolean {
  const proxy = trace.getTracerProvider() as { getDelegate?: () => object };
  const delegate = proxy.getDelegate?.() ?? proxy;
  return delegate.constructor.name !== 'NoopTracerProvider';
}

function isLoaded(name: string): boolean {
  const cache =
    (process as { mainModule?: { require?: { cache?: object } } }).mainModule?.require?.cache ?? {};
  return Object.keys(cache).some((path) => path.includes(`/node_modules/${name}/`));
}
