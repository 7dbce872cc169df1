// Requests of a route that fail in numbers, with the span where the errors begin; and one request full of failed calls.

import { percentText } from '../../../trace/duration-text.ts';
import type { SpanNode } from '../../../trace/node.ts';
import { callOf } from '../call-of.ts';
import { type Case, CaseBook } from '../case-book.ts';
import { type CheckKind, findingOf, type Words } from '../check.ts';
import { errorChain } from '../error-origin.ts';
import { SmallestMap } from '../smallest.ts';
import { isFailed, isRefused, labelOf, textOf } from '../span-facts.ts';

const MAX_ROUTES = 2_000;

interface Route {
  total: number;
  failed: number;
}

type Parties = Readonly<Record<'service' | 'operation' | 'origin' | 'type' | 'gaveUp', string>>;

function isTrouble({ span }: SpanNode): boolean {
  return isFailed(span) && !isRefused(span);
}

/** The span where the errors of a request begin, and whether a call above it ran out of time. */
function originOf(root: SpanNode): { node: SpanNode; gaveUp: boolean } {
  const chain = errorChain(root, (node) => Number(isTrouble(node)));
  const gaveUp = chain.some(({ span }) => textOf(span, 'error.type') === 'timeout');
  return { node: chain.at(-1) ?? root, gaveUp };
}

function routeWords({ parties, count }: Case<Parties>, { total, failed }: Route, services: string[]): Words {
  const { service, operation, origin, type, gaveUp } = parties;
  const what = type === '' ? '' : ` (${type})`;
  const wait = gaveUp === '' ? '' : ', whose caller ran out of time';
  const where = count === failed ? 'the errors begin' : `${count} of the errors begin`;
  return {
    severity: 'error',
    sentence: `${failed} of ${total} requests of ${labelOf(service, operation)} failed (${percentText(failed / total)}): ${where} at ${origin}${what}${wait}.`,
    cause:
      gaveUp === '' ? `${origin} fails.` : `${origin} takes longer than its caller waits, or never ends.`,
    cure: 'Look at the exception of the span where the errors begin; everything above it only passes them on.',
    services: [service, ...services],
  };
}

function callWords({ parties, largest }: Case<Parties>): Words {
  const { service, operation, origin } = parties;
  return {
    severity: 'error',
    sentence: `${origin} failed up to ${largest} times inside one ${labelOf(service, operation)}.`,
    cause: 'The calls go on although the other side is down.',
    cure: 'Stop after the first failures (a circuit breaker), and answer the request with what is known by then.',
    services: [service],
  };
}

/** Failed calls of one kind below one span. */
function failedCalls(node: SpanNode, least: number): Map<string, SpanNode[]> {
  const byCall = new Map<string, SpanNode[]>();
  if (node.children.length < least) return byCall;
  for (const child of node.children) {
    if (!isTrouble(child)) continue;
    const call = callOf(child);
    const known = byCall.get(call);
    if (known === undefined) byCall.set(call, [child]);
    else known.push(child);
  }
  return byCall;
}

export const errorStorm: CheckKind = {
  code: 'error-storm',
  start: ({ stormRequests, stormShare, stormCalls }) => {
    const routes = new SmallestMap<string, Route>(MAX_ROUTES);
    const requests = new CaseBook<Parties>();
    const calls = new CaseBook<Parties>();
    const origins = new SmallestMap<string, string>(MAX_ROUTES);
    const keyOf = (service: string, operation: string) => JSON.stringify([service, operation]);
    const lookAtRoot = (traceId: string, root: SpanNode): void => {
      const { service, name: operation } = root.span;
      const route = routes.open(keyOf(service, operation), () => ({ total: 0, failed: 0 }));
      if (route === undefined) return;
      route.total += 1;
      if (!isTrouble(root)) return;
      route.failed += 1;
      const { node, gaveUp } = originOf(root);
      const origin = callOf(node);
      origins.open(origin, () => node.span.service);
      const type = textOf(node.span, 'error.type');
      const parties = { service, operation, origin, type, gaveUp: gaveUp ? 'yes' : '' };
      requests.add(traceId, parties, { spans: [node.span] });
    };
    return {
      look: ({ tree: { traceId, root, nodes } }) => {
        if (root !== undefined) lookAtRoot(traceId, root);
        for (const node of nodes) {
          for (const [origin, failed] of failedCalls(node, stormCalls)) {
            if (failed.length < stormCalls) continue;
            const { service, name: operation } = node.span;
            const parties = { service, operation, origin, type: '', gaveUp: '' };
            calls.add(traceId, parties, { spans: failed.map(({ span }) => span) });
          }
        }
      },
      finish: () => {
        const known = new Map(routes.entries());
        const serviceOf = new Map(origins.entries());
        const storms = requests.close().flatMap((seen) => {
          const { service, operation, origin } = seen.parties;
          const route = known.get(keyOf(service, operation));
          if (route === undefined || seen.count < stormRequests) return [];
          if (route.failed / route.total < stormShare) return [];
          return [
            findingOf('error-storm', seen, routeWords(seen, route, [serviceOf.get(origin) ?? service])),
          ];
        });
        return [...storms, ...calls.close().map((seen) => findingOf('error-storm', seen, callWords(seen)))];
      },
    };
  },
};
