// Watches the callers of this process for lost trace context.

import type { IncomingMessage } from 'node:http';
import { trace } from '@opentelemetry/api';
import { reportFault } from '../shared/guard.ts';
import { sharedState } from '../shared/state.ts';
import type { Boundary } from './boundary.ts';
import { ContextWatch } from './context-watch.ts';
import { isPrivateCaller } from './private-caller.ts';
import type { Caller } from './read-caller.ts';

const watch = new ContextWatch({
  say: (line) => {
    const { log } = sharedState();
    if (log === undefined) process.stderr.write(`${line}\n`);
    else log(line);
  },
  nowMs: () => performance.now(),
  schedule: (work, delayMs) => {
    const timer = setTimeout(work, delayMs).unref();
    return () => clearTimeout(timer);
  },
});

/** Of callers outside and of untrusted ones, which at the edge all are, nobody expects context. */
export function watchCaller(request: IncomingMessage, { headers, context, trustedBy }: Caller): void {
  try {
    if (trustedBy === undefined || !isPrivate(request, trustedBy)) return;
    const address = request.socket.remoteAddress ?? 'a local socket';
    watch.note(address, headers['user-agent'] ?? '', trace.getSpanContext(context) !== undefined);
  } catch (fault) {
    reportFault('watching for lost context', fault);
  }
}

/** Whoever is trusted for being private need not be asked again. */
function isPrivate(request: IncomingMessage, { trusts }: Boundary): boolean {
  return trusts === isPrivateCaller || isPrivateCaller(request);
}

/** Calls that came without context although their callers were expected to send it, since the process began. */
export const callsWithoutContext = (): number => watch.missing;

/** Says now what would be said later. */
export const reportLostContext = (): void => watch.report();
