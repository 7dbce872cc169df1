// Takes what stands in expect(…) for a captured trace, or says what it is and how to come by one.

import { types } from 'node:util';
import { show } from '../../options/parse-options.ts';
import { LongpoleError } from '../../shared/errors.ts';
import type { CapturedSpan, CapturedTrace } from '../captured.ts';
import { type TraceView, viewOf } from '../view/trace-view.ts';

/** @throws LongpoleError `ERR_LONGPOLE_NOT_A_TRACE` */
export function givenTrace(matcher: string, received: unknown): TraceView {
  if (isTrace(received)) return viewOf(received);
  throw new LongpoleError(
    'ERR_LONGPOLE_NOT_A_TRACE',
    `${matcher} needs a captured trace, but ${complaint(received)}`,
  );
}

export function isTrace(value: unknown): value is CapturedTrace {
  return (
    isObject(value) && Array.isArray(value['spans']) && Array.isArray(value['roots']) && 'traceId' in value
  );
}

export function isSpan(value: unknown): value is CapturedSpan {
  return isObject(value) && typeof value['spanId'] === 'string' && 'attributes' in value && 'kind' in value;
}

function complaint(received: unknown): string {
  if (types.isPromise(received) || typeof (received as { then?: unknown } | null)?.then === 'function') {
    return 'received a promise. Await it: expect(await traces.of(response)).';
  }
  if (Array.isArray(received)) {
    return received.some(isTrace)
      ? `received ${received.length} traces. Take one of them, or toBeOneTrace().`
      : `received an array. ${HOW}`;
  }
  if (isSpan(received))
    return 'received a span. toHaveAttributes() takes one; for everything else pass the trace.';
  if (!isObject(received)) return `received ${show(received)}. ${HOW}`;
  if (typeof received['of'] === 'function') {
    return 'received what captureTraces() returns. Ask it for a trace: expect(await traces.of(response)).';
  }
  if ('headers' in received)
    return 'received a response. Ask for its trace: expect(await traces.of(response)).';
  return `received ${show(received)}. ${HOW}`;
}

const HOW = 'A trace is what await traces.of(response) of captureTraces() gives.';

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
