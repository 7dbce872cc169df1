// The map of services: who called whom in a set of traces, how often, how long it took, and what broke.
import type { TraceAnalysis } from '../analysis/analyze-trace.ts';
import type { Finding } from '../analysis/findings/index.ts';
import { nsToMs } from '../trace/nanoseconds.ts';
import type { SpanNode } from '../trace/node.ts';
import { unansweredPeer } from './callees.ts';
import type { MapView, ServiceEdge, ServiceNode } from './set-shapes.ts';

/** Durations kept of one service or edge; of more, every second one is dropped again and again. */
const MAX_SAMPLES = 4_096;

/** Counts and durations of calls. */
class Tally {
  calls = 0;
  errors = 0;
  #durationsMs: number[] = [];
  #every = 1;

  add({ span }: SpanNode): void {
    if (span.status.code === 'ERROR') this.errors++;
    if (this.calls++ % this.#every !== 0) return;
    this.#durationsMs.push(nsToMs(span.endNs - span.startNs));
    if (this.#durationsMs.length < MAX_SAMPLES) return;
    this.#durationsMs = this.#durationsMs.filter((_, i) => i % 2 === 0);
    this.#every *= 2;
  }

  /** By nearest rank; 0 without samples. */
  percentileMs(percentile: number): number {
    const sorted = this.#durationsMs.toSorted((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(sorted.length * percentile) - 1)] ?? 0;
  }
}

interface Pair {
  readonly from: string;
  readonly to: string;
  readonly kind: ServiceEdge['kind'];
  readonly tally: Tally;
}

function kindOf(node: SpanNode): ServiceEdge['kind'] {
  return node.span.kind === 'CONSUMER' ? 'message' : 'call';
}

/** Collects the map from one analysis after the other. */
export class ServiceMap {
  readonly #services = new Map<string, Tally>();
  readonly #pairs = new Map<string, Pair>();
  #firstNs: bigint | undefined;
  #lastNs = 0n;

  add({ tree }: TraceAnalysis): void {
    for (const node of tree.nodes) this.#addNode(node);
  }

  /** The map; pairs of services whose trace context got lost, by the doctor's findings, are broken edges. */
  finish(findings: readonly Finding[]): MapView {
    const broken = findings.filter(
      ({ code, services }) => code === 'broken-propagation' && services.length === 2,
    );
    for (const { services } of broken) this.#pair(services[0] ?? '', services[1] ?? '', 'call');
    const lost = new Set(broken.map(({ services }) => JSON.stringify([services[0], services[1], 'call'])));
    const edges = [...this.#pairs].map(([key, pair]) => toEdge(pair, lost.has(key)));
    const named = new Set(edges.flatMap(({ from, to }) => [from, to]));
    for (const service of this.#services.keys()) named.add(service);
    return {
      nodes: [...named].sort().map((service) => toNode(service, this.#services.get(service))),
      edges,
      seconds: this.#firstNs === undefined ? 0 : nsToMs(this.#lastNs - this.#firstNs) / 1000,
    };
  }

  #addNode(node: SpanNode): void {
    const { span, parent } = node;
    if (span.kind === 'SERVER' || span.kind === 'CONSUMER' || parent === undefined) this.#serve(node);
    const isRemote = parent !== undefined && parent.span.service !== span.service;
    if (isRemote) this.#pair(parent.span.service, span.service, kindOf(node)).add(node);
    const peer = unansweredPeer(node);
    if (peer !== undefined && peer !== span.service) this.#pair(span.service, peer, 'call').add(node);
  }

  #serve(node: SpanNode): void {
    const { service, startNs } = node.span;
    const tally = this.#services.get(service) ?? new Tally();
    this.#services.set(service, tally);
    tally.add(node);
    if (this.#firstNs === undefined || startNs < this.#firstNs) this.#firstNs = startNs;
    if (startNs > this.#lastNs) this.#lastNs = startNs;
  }

  #pair(from: string, to: string, kind: ServiceEdge['kind']): Tally {
    const key = JSON.stringify([from, to, kind]);
    const pair = this.#pairs.get(key) ?? { from, to, kind, tally: new Tally() };
    this.#pairs.set(key, pair);
    return pair.tally;
  }
}

function toEdge({ from, to, kind, tally }: Pair, isBroken: boolean): ServiceEdge {
  const { calls, errors } = tally;
  return {
    from,
    to,
    kind,
    calls,
    errors,
    p50Ms: tally.percentileMs(0.5),
    p95Ms: tally.percentileMs(0.95),
    isBroken,
  };
}

function toNode(service: string, tally: Tally | undefined): ServiceNode {
  return {
    service,
    requests: tally?.calls ?? 0,
    errors: tally?.errors ?? 0,
    p50Ms: tally?.percentileMs(0.5) ?? 0,
    p95Ms: tally?.percentileMs(0.95) ?? 0,
    isUntraced: tally === undefined,
  };
}
