// Starts tracing as an application would, with spans that go nowhere.

import { propagation } from '@opentelemetry/api';
import { startTracing, type TracingHandle } from '../../middleware/src/index.ts';
import { propagatorFromEnvironment } from '../../middleware/src/propagation/index.ts';

export function startTracingForSuite(): TracingHandle {
  const handle = startTracing({
    service: 'w3c-trace-context',
    log: () => {},
    exporter: { export: (_spans, done) => done({ code: 0 }), shutdown: async () => {} },
  });
  propagation.disable();
  const { propagator } = propagatorFromEnvironment();
  if (propagator !== null) propagation.setGlobalPropagator(propagator);
  return handle;
}
