// Which spans of a trace a word of the command line means: a service, an operation, or both.
import type { SpanNode } from '../trace/node.ts';
import { didYouMean } from './nearest-name.ts';
import { UsageError } from './usage-error.ts';

/** Service and operation (span name), as far as each is given. */
export interface SpanSelector {
  readonly service?: string;
  readonly operation?: string;
}

const SEPARATOR = ' · ';
const MOST_LISTED = 20;

function namesOf(nodes: readonly SpanNode[], pick: (node: SpanNode) => string): string[] {
  return [...new Set(nodes.map(pick))];
}

function known(names: readonly string[], wanted: string): string | undefined {
  return (
    names.find((name) => name === wanted) ?? names.find((name) => name.toLowerCase() === wanted.toLowerCase())
  );
}

function listed(names: readonly string[]): string {
  const more = names.length - MOST_LISTED;
  return names.slice(0, MOST_LISTED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/**
 * The selector that `text` means in a trace: `payment`, `authorize with acquirer`, or `payment · POST /charges`.
 * A name that is a service's and an operation's means the service. Case does not count.
 * @param from The flag it was given as.
 * @throws UsageError when no span of the trace is meant; it names what there is.
 */
export function selectSpans(text: string, from: string, nodes: readonly SpanNode[]): SpanSelector {
  const services = namesOf(nodes, ({ span }) => span.service);
  const operations = namesOf(nodes, ({ span }) => span.name);
  const pairs = namesOf(nodes, ({ span }) => `${span.service}${SEPARATOR}${span.name}`);
  const pair = known(pairs, text);
  if (pair !== undefined) {
    const at = pair.indexOf(SEPARATOR);
    return { service: pair.slice(0, at), operation: pair.slice(at + SEPARATOR.length) };
  }
  const service = known(services, text);
  if (service !== undefined) return { service };
  const operation = known(operations, text);
  if (operation !== undefined) return { operation };
  const near = didYouMean(text, text.includes(SEPARATOR) ? pairs : [...services, ...operations]);
  throw new UsageError(
    `${from} ${JSON.stringify(text)}: no span of the trace has this service or name.${near} There are: ${listed(pairs)}.`,
  );
}

/** Whether a span is selected. */
export function isSelected({ span }: SpanNode, { service, operation }: SpanSelector): boolean {
  if (service !== undefined && span.service !== service) return false;
  return operation === undefined || span.name === operation;
}
