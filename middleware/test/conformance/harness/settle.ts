// Runs in the traced application: waits until its spans have ended and been sent, when the test asks for it.

import type { TracingHandle } from '../../../src/index.ts';

/** How long spans may take to end after the traffic has. */
const PATIENCE_MS = 5000;

export function settleOnRequest(tracing: TracingHandle): void {
  process.on('message', () => void settle(tracing));
}

async function settle(tracing: TracingHandle): Promise<void> {
  const open = (): number => tracing.stats().started - tracing.stats().ended;
  const deadline = performance.now() + PATIENCE_MS;
  while (open() !== 0 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 1));
  await tracing.forceFlush();
  process.send?.({ open: open(), faults: tracing.stats().faults });
}
