// The links from spans to their parents: duplicates out, shared ids told apart, circles cut.
import { IdIndex } from './id-index.ts';
import { addChild, type GrowingNode, newNode } from './node.ts';
import type { Span } from './span.ts';

/** Nodes by span id. Almost every id is one span's; the rest is in `shared`. */
interface SpanIndex {
  readonly nodes: GrowingNode[];
  readonly first: IdIndex;
  readonly shared: Map<string, GrowingNode[]>;
}

function isSameSpan(a: Span, b: Span): boolean {
  return a.service === b.service && a.kind === b.kind;
}

/** Adds a span; returns false when it is there already. Of two versions the one that ends later stays. */
function addSpan(index: SpanIndex, span: Span): boolean {
  const first = index.first.get(span.spanId);
  const twins = first === undefined ? [] : (index.shared.get(span.spanId) ?? [first]);
  const twin = twins.find((other) => isSameSpan(other.span, span));
  if (twin !== undefined) {
    if (span.endNs > twin.span.endNs) twin.span = span;
    return false;
  }
  const node = newNode(span);
  index.nodes.push(node);
  if (first === undefined) index.first.add(node);
  else index.shared.set(span.spanId, [...twins, node]);
  return true;
}

/** A SERVER span that shares its id with the CLIENT span that called it (Zipkin's B3) is that span's child. */
function sharedCaller(node: GrowingNode, index: SpanIndex): GrowingNode | undefined {
  if (index.shared.size === 0 || node.span.kind !== 'SERVER') return undefined;
  return index.shared.get(node.span.spanId)?.find((other) => other.span.kind === 'CLIENT');
}

function parentOf(node: GrowingNode, index: SpanIndex): GrowingNode | undefined {
  const { parentSpanId, service } = node.span;
  if (parentSpanId === '') return sharedCaller(node, index);
  const caller = sharedCaller(node, index);
  if (caller !== undefined) return caller;
  const candidates = index.shared.get(parentSpanId);
  if (candidates === undefined) return index.first.get(parentSpanId);
  return candidates.find((one) => one.span.service === service) ?? candidates.at(-1);
}

function earlier(a: GrowingNode, b: GrowingNode): GrowingNode {
  return b.span.startNs < a.span.startNs ? b : a;
}

/**
 * Follows the parents up from `start`; returns the circle it runs into, if that circle is a new one. `walks` holds
 * the start of the walk that came by each node first.
 */
function circleFrom(start: GrowingNode, walks: Map<GrowingNode, GrowingNode>): GrowingNode[] {
  let node: GrowingNode | undefined = start;
  while (node !== undefined && !walks.has(node)) {
    walks.set(node, start);
    node = node.parent;
  }
  if (node === undefined || walks.get(node) !== start) return [];
  const circle = [node];
  for (let next = node.parent; next !== undefined && next !== node; next = next.parent) circle.push(next);
  return circle;
}

/**
 * Makes a root of the earliest span of each circle of parents, so that every node is below a root; returns them. Linked
 * spans that can all be reached from their roots have no circles, and need no call.
 */
export function cutCircles({ nodes }: Links): GrowingNode[] {
  const cut: GrowingNode[] = [];
  const walks = new Map<GrowingNode, GrowingNode>();
  for (const node of nodes) {
    const circle = circleFrom(node, walks);
    if (circle.length === 0) continue;
    const first = circle.reduce(earlier);
    const siblings = first.parent?.children ?? [];
    siblings.splice(siblings.indexOf(first), 1);
    first.parent = undefined;
    cut.push(first);
  }
  return cut;
}

/** What became of the spans of a trace when they were linked to their parents. */
export interface Links {
  readonly nodes: readonly GrowingNode[];
  /** Nodes without a parent. */
  readonly roots: readonly GrowingNode[];
  /** Roots that name a parent which is not there. */
  readonly orphans: readonly GrowingNode[];
  /** Spans that were there already. */
  readonly repeated: readonly Span[];
}

/** Nodes of all spans by their id, and the spans that were there already. */
function indexSpans(spans: readonly Span[]): { index: SpanIndex; repeated: readonly Span[] } {
  const nodes = spans.map(newNode);
  const first = new IdIndex(spans.length);
  if (nodes.every((node) => first.add(node)))
    return { index: { nodes, first, shared: new Map() }, repeated: [] };
  const index: SpanIndex = { nodes: [], first: new IdIndex(spans.length), shared: new Map() };
  const repeated = spans.filter((span) => !addSpan(index, span));
  return { index, repeated };
}

/** Makes nodes of all spans, each span id of each service and kind once, and links them to their parents. */
export function linkParents(spans: readonly Span[]): Links {
  const { index, repeated } = indexSpans(spans);
  const { nodes } = index;
  const roots: GrowingNode[] = [];
  for (const node of nodes) {
    const parent = parentOf(node, index);
    node.parent = parent;
    if (parent === undefined) roots.push(node);
    else addChild(parent, node);
  }
  const orphans = roots.filter(({ span }) => span.parentSpanId !== '' && !index.first.has(span.parentSpanId));
  return { nodes, roots, orphans, repeated };
}
