// Which route a command is about: `POST /api/checkout`, or with the service in front `gateway · POST /api/checkout`.
import type { TraceAnalysis } from '../../analysis/analyze-trace.ts';
import { countText } from '../../trace/duration-text.ts';
import { didYouMean } from '../nearest-name.ts';
import { UsageError } from '../usage-error.ts';

/** A route as it was asked for; case does not count. */
export interface RouteFilter {
  readonly text: string;
  /** Service of the root; absent when any will do. */
  readonly service?: string;
  /** Name of the root span. */
  readonly operation: string;
}

const SEPARATOR = ' · ';
const MOST_LISTED = 20;

/** @throws UsageError on an empty text. */
export function parseRoute(text: string): RouteFilter {
  const at = text.indexOf(SEPARATOR);
  const service = at < 0 ? '' : text.slice(0, at).trim();
  const operation = (at < 0 ? text : text.slice(at + SEPARATOR.length)).trim();
  if (operation === '')
    throw new UsageError(`--route ${JSON.stringify(text)}: give a route such as 'POST /api/checkout'.`);
  return { text: text.trim(), operation, ...(service !== '' && { service }) };
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Whether the root of a trace is on the route. */
export function isOnRoute({ tree }: TraceAnalysis, { service, operation }: RouteFilter): boolean {
  const root = tree.root?.span;
  if (root === undefined || !isSame(root.name, operation)) return false;
  return service === undefined || isSame(root.service, service);
}

/** Routes with how many traces each has. */
export class RouteCounts {
  readonly #counts = new Map<string, number>();

  add({ tree }: TraceAnalysis): void {
    const root = tree.root?.span;
    if (root === undefined) return;
    const key = `${root.service}${SEPARATOR}${root.name}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** The routes with the most traces first. */
  list(): readonly (readonly [route: string, traces: number])[] {
    return [...this.#counts].sort((a, b) => b[1] - a[1]);
  }
}

/** The error of a route on which there is no trace: it names the routes that are there. */
export function unknownRoute({ text }: RouteFilter, source: string, counts: RouteCounts): UsageError {
  const routes = counts.list();
  const listed = routes
    .slice(0, MOST_LISTED)
    .map(([route, traces]) => `${route} (${countText(traces, 'trace')})`);
  const more = routes.length - listed.length;
  const rest = more > 0 ? ` and ${countText(more, 'more route')}` : '';
  const near = didYouMean(
    text,
    routes.map(([route]) => (text.includes(SEPARATOR) ? route : route.slice(route.indexOf(SEPARATOR) + 3))),
  );
  return new UsageError(
    `No trace in ${source} is on the route ${JSON.stringify(text)}.${near} There are: ${listed.join(', ')}${rest}.`,
  );
}
