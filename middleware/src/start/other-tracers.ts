// Finds tracers that already run in this process, by the marks they leave.

import { createRequire } from 'node:module';
import { sep } from 'node:path';
import { trace } from '@opentelemetry/api';
import { PACKAGE } from '../shared/version.ts';

const OTHER_TRACERS = ['dd-trace', 'elastic-apm-node', 'newrelic', '@instana/collector', 'appdynamics'];

/** The name of a tracer outside OpenTelemetry that this process has loaded, or `undefined`. */
export function findOtherTracer(): string | undefined {
  const loaded = Object.keys(createRequire(process.execPath).cache);
  return OTHER_TRACERS.find((name) => {
    const folder = `${sep}node_modules${sep}${name.replace('/', sep)}${sep}`;
    return loaded.some((path) => path.includes(folder));
  });
}

/** Whether somebody registered a tracer provider with the OpenTelemetry API. */
export function hasTracerProvider(): boolean {
  const provider = trace.getTracerProvider() as { getDelegateTracer?: (name: string) => unknown };
  return provider.getDelegateTracer === undefined || provider.getDelegateTracer(PACKAGE) !== undefined;
}
