// Requests that were answered well and do not say by which route.

import type { Span } from '../../../trace/span.ts';
import { CaseBook } from '../case-book.ts';
import { type CheckKind, findingOf } from '../check.ts';
import { httpStatusOf, methodOf, pathOf } from '../span-facts.ts';
import { templateOf } from '../template-of.ts';

/** Methods that frameworks answer without a route. */
const ROUTELESS_METHODS = new Set(['', 'OPTIONS', 'HEAD', 'CONNECT', 'TRACE', '_OTHER']);
const FILE = /\.[a-z0-9]{1,8}$/i;

/** Proxies have no routes; they are written in C++ or do not name a language. */
function isApplication({ resource }: Span): boolean {
  const language = resource.attributes['telemetry.sdk.language'];
  return typeof language === 'string' && language !== 'cpp';
}

function lacksRoute(span: Span): boolean {
  if (span.kind !== 'SERVER' || 'http.route' in span.attributes) return false;
  const status = httpStatusOf(span) ?? 0;
  if (status < 200 || status >= 300 || ROUTELESS_METHODS.has(methodOf(span))) return false;
  const path = pathOf(span);
  return path !== '' && path !== '/' && !FILE.test(path) && isApplication(span);
}

export const missingRoute: CheckKind = {
  code: 'missing-route',
  start: ({ routelessRequests }) => {
    const book = new CaseBook<{ service: string; method: string }>();
    return {
      look: ({ tree: { traceId, nodes } }) => {
        for (const { span } of nodes) {
          if (!lacksRoute(span)) continue;
          const parties = { service: span.service, method: methodOf(span) };
          book.add(traceId, parties, { spans: [span], words: [templateOf(pathOf(span))] });
        }
      },
      finish: () => {
        const enough = book.close().filter((seen) => seen.count >= routelessRequests);
        return enough.map((seen) => {
          const { service, method } = seen.parties;
          const isOld = seen.evidence.some(({ operation }) => operation.includes('/'));
          return findingOf('missing-route', seen, {
            severity: 'warning',
            sentence: `${seen.count} ${method} requests of ${service} succeeded without http.route, such as ${seen.words.slice(0, 3).join(', ')}.`,
            cause: isOld
              ? 'The instrumentation does not know the framework’s routes.'
              : 'They are answered by a middleware (app.use) or a plain handler, so that no route is entered.',
            cure: `Give them a route (app.${method.toLowerCase()}('/path', …)), or set http.route on the span. With Express 5, router 2.3 or newer names the routes of mounted routers.`,
            services: [service],
          });
        });
      },
    };
  },
};
