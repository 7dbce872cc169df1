// Runs in the traced application: waits until its spans have ended and been sent, when the test asks for it.

import type { TracingHandle } from '../../../src/index.ts';

/** How long spans may take to end after the traffic has. */
const PATIENCE_MS = 3000;

export interface Question {
  /** Spans that are known never to end. */
  readonly leftOpen: number;
}

export interface Account {
  /** Spans that have not ended yet. */
  readonly open: () => number;
  readonly flush: () => Promise<void>;
  /** Errors of tracing itself. */
  readonly faults: () => number;
}

export function accountOf(tracing: TracingHandle): Account {
  return {
    open: () => tracing.stats().started - tracing.stats().ended,
    flush: () => tracing.forceFlush(),
    faults: () => tracing.stats().faults,
  };
}

export function settleOnRequest(account: Account): void {
  process.on('message', ({ leftOpen }: Question) => void settle(account, leftOpen));
}

async function settle({ open, flush, faults }: Account, leftOpen: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (open() !== leftOpen && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 1));
  await flush();
  process.send?.({ open: open(), faults: faults() });
}
