// Calls that were answered though no SERVER span is below them, and how one tells which span was the answer.
import { maxNs } from '../../trace/nanoseconds.ts';
import type { SpanNode } from '../../trace/node.ts';
import type { Span } from '../../trace/span.ts';
import {
  answerOf,
  httpStatusOf,
  isCancelled,
  isDatabaseCall,
  isFailed,
  methodOf,
  pathOf,
  textOf,
} from './span-facts.ts';

/** How far an answer may begin before or end after its call: 5 ms or a twentieth of the call. */
const TOLERANCE_NS = 5_000_000n;

/**
 * Whether it is a call over HTTP or RPC that succeeded and has no SERVER span below it. Calls that failed or were
 * given up may never have reached anybody; databases answer without spans.
 */
export function isOpenCall(node: SpanNode): boolean {
  const { span } = node;
  if (span.kind !== 'CLIENT' || isFailed(span) || isCancelled(span) || isDatabaseCall(span)) return false;
  const isHttp = httpStatusOf(span) !== undefined;
  if (!isHttp && textOf(span, 'rpc.system') === '' && textOf(span, 'rpc.system.name') === '') return false;
  return answerOf(node) === undefined;
}

/** What of a span tells whether one is the answer to the other. */
export interface Ends {
  readonly service: string;
  readonly peer: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly host: string;
  readonly startNs: bigint;
  readonly endNs: bigint;
}

export function endsOf(span: Span): Ends {
  return {
    service: span.service,
    peer: textOf(span, 'service.peer.name') || textOf(span, 'peer.service'),
    method: methodOf(span),
    path: pathOf(span),
    status: httpStatusOf(span) ?? 0,
    host: textOf(span, 'server.address'),
    startNs: span.startNs,
    endNs: maxNs(span.startNs, span.endNs),
  };
}

function agree<Value extends string | number>(a: Value, b: Value): boolean {
  return a === b || a === '' || b === '' || a === 0 || b === 0;
}

export function toleranceOf(call: Pick<Ends, 'startNs' | 'endNs'>): bigint {
  return maxNs(TOLERANCE_NS, (call.endNs - call.startNs) / 20n);
}

/**
 * Whether `answer` may be what `call` set off: inside its time; the same method, path and status, where both say so; and
 * the service that the call names, or else the same path at the same host.
 */
export function mayAnswer(call: Ends, answer: Ends): boolean {
  const tolerance = toleranceOf(call);
  if (answer.startNs < call.startNs - tolerance || answer.endNs > call.endNs + tolerance) return false;
  if (!agree(call.method, answer.method) || !agree(call.status, answer.status)) return false;
  if (call.peer !== '') return call.peer === answer.service && agree(call.path, answer.path);
  return call.path !== '' && call.path === answer.path && call.host !== '' && call.host === answer.host;
}
