// Adds up what the exported spans of one checkout stand for, and checks them against the span budget.

import type { SeenSpan } from './otlp-sink.ts';

/** How many spans there were, by service and name; `gateway ✗ POST` are those that ended in error. */
export type Account = Readonly<Record<string, number>>;

/** Every span that was made: exported as itself, folded into a run, or dropped and counted on another one. */
export function accountOf(spans: readonly SeenSpan[]): Account {
  const made = new Map<string, number>();
  const add = (service: string, name: string, count: number): void => {
    made.set(`${service} ${name}`, (made.get(`${service} ${name}`) ?? 0) + count);
  };
  for (const { service, name, isError, attributes } of spans) {
    add(service, isError ? `✗ ${name}` : name, Number(attributes['longpole.folded.count'] ?? 1));
    for (const [dropped, count] of droppedBelow(attributes)) add(service, dropped, count);
  }
  return Object.fromEntries([...made].sort());
}

export function totalOf(account: Account): number {
  return Object.values(account).reduce((sum, count) => sum + count, 0);
}

/** How many spans are counted as dropped on these. */
export function droppedOf(spans: readonly SeenSpan[]): number {
  return spans.reduce((sum, { attributes }) => sum + Number(attributes['longpole.dropped_spans'] ?? 0), 0);
}

/** Names and counts. Throws when they do not add up to the total that the span says. */
function droppedBelow(attributes: SeenSpan['attributes']): [string, number][] {
  const total = Number(attributes['longpole.dropped_spans'] ?? 0);
  const names = listOf(attributes['longpole.dropped_span_names']).map(String);
  const counts = listOf(attributes['longpole.dropped_span_counts']).map(Number);
  const sum = counts.reduce((a, b) => a + b, 0);
  if (names.length !== counts.length || sum !== total) {
    throw new Error(`${total} dropped spans, but ${JSON.stringify(names)} ${JSON.stringify(counts)}`);
  }
  return names.map((name, index) => [name, counts[index] ?? 0]);
}

/** An array attribute of OTLP/JSON. */
function listOf(value: unknown): unknown[] {
  const { values = [] } = (value ?? {}) as { values?: readonly Readonly<Record<string, unknown>>[] };
  return values.map((each) => Object.values(each)[0]);
}

/**
 * The spans of each request that a service has handled beyond `budget`, not counting those that are exported whatever
 * the budget: errors, spans of requests and jobs, and the spans above them in the same service.
 */
export function beyondBudget(spans: readonly SeenSpan[], budget: number): number {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const exempt = new Set<SeenSpan>();
  const counts = new Map<SeenSpan, number>();
  for (const span of spans) {
    if (!span.isError && !['SERVER', 'PRODUCER', 'CONSUMER'].includes(span.kind)) continue;
    for (const above of upwards(span, byId)) exempt.add(above);
  }
  for (const span of spans) {
    const root = upwards(span, byId).at(-1) ?? span;
    if (!exempt.has(span)) counts.set(root, (counts.get(root) ?? 0) + 1);
  }
  return [...counts.values()].reduce((sum, count) => sum + Math.max(0, count - budget), 0);
}

/** The span and those above it, up to the first one of its service. */
function upwards(span: SeenSpan, byId: ReadonlyMap<string, SeenSpan>): SeenSpan[] {
  const parent = byId.get(span.parentId);
  const isOwn = parent !== undefined && parent.service === span.service && span.kind !== 'SERVER';
  return isOwn ? [span, ...upwards(parent, byId)] : [span];
}
