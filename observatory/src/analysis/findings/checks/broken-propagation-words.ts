// What is said of each way in which a trace can be torn apart.
import type { Case } from '../case-book.ts';
import type { Words } from '../check.ts';
import { labelOf } from '../span-facts.ts';

/**
 * `torn`: both halves are there. `untrusted`: the callee has refused the context. `unanswered`: the callee has traces, but
 * none for this call. `orphan`: the answer names a caller that is in no trace. `message`: a job without a sender.
 */
export type Break = 'torn' | 'untrusted' | 'unanswered' | 'orphan' | 'message';

type Parties = Readonly<Record<'caller' | 'callee' | 'operation', string>>;

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

const CURE_HEADERS =
  'Send traceparent on every way: through the client, its transport, proxies and gateways; none may take it off.';

const TELL: Readonly<
  Record<Break, (parties: Parties, count: number) => Pick<Words, 'sentence' | 'cause' | 'cure'>>
> = {
  torn: ({ caller, callee, operation }, count) => ({
    sentence: `${caller} called ${callee} ${times(count)} without the trace context: ${labelOf(callee, operation)} began a trace of its own each time.`,
    cause: `The trace headers of ${caller} do not reach ${callee}: its client is not traced, runs outside of the request’s context, or a proxy between them takes the headers off.`,
    cure: CURE_HEADERS,
  }),
  untrusted: ({ caller, callee, operation }, count) => ({
    sentence: `${callee} does not trust ${caller}: ${labelOf(callee, operation)} began a trace of its own ${times(count)} and is only linked to its caller.`,
    cause: `${callee} takes ${caller} for somebody outside: by trustInbound, or because the caller’s address, or one in X-Forwarded-For, is public.`,
    cure: `Let ${callee} trust its callers (trustInbound: 'always' behind an edge, or a function); leave it where ${caller} is really outside.`,
  }),
  unanswered: ({ caller, callee, operation }, count) => ({
    sentence: `${caller} called ${callee} ${times(count)} (${operation}) and got an answer, but no span of ${callee} belongs to these calls.`,
    cause: `The trace headers do not reach ${callee}, or its spans do not reach the backend: not sampled, ignored, or dropped.`,
    cure: `${CURE_HEADERS} Then look at the sampler and at stats().dropped of ${callee}.`,
  }),
  orphan: ({ callee, operation }, count) => ({
    sentence: `${labelOf(callee, operation)} names a caller that is in no trace, ${times(count)}: somebody between it and the service above makes spans and does not send them.`,
    cause:
      'A proxy, a sidecar or a service in between takes part in the trace and exports elsewhere, or the caller’s span was lost.',
    cure: 'Let everybody on the way export to the same backend, or let the proxy pass traceparent on unchanged.',
  }),
  message: ({ callee, operation }, count) => ({
    sentence: `${labelOf(callee, operation)} processed messages ${times(count)} without a link to the request that sent them.`,
    cause: 'The trace context was not put on the queue with the message, or not read from it.',
    cure: 'Store carryContext() with the message, and run it with runJob({ name, from: carried }).',
  }),
};

/** The words for a case of broken propagation. */
export function wordsFor({
  parties,
  count,
}: Pick<Case<Parties & { readonly kind: Break }>, 'parties' | 'count'>): Words {
  const { kind, caller, callee } = parties;
  const severity = kind === 'untrusted' || kind === 'orphan' ? 'warning' : 'error';
  const services = caller === '' ? [callee] : [caller, callee];
  return { severity, ...TELL[kind](parties, count), services };
}
