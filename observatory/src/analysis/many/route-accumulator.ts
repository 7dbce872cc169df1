// What is remembered of a route while its traces come in: counts of all, the numbers of a bounded sample.
import { seededRandom } from '../statistics/random.ts';
import type { ExampleTrace, Route } from './route-stats.ts';
import type { TraceDigest } from './trace-digest.ts';
import type { OperationEntry } from './trait-table.ts';

/** Counts over all traces of a route and the digests of those that are kept. */
export class RouteAccumulator {
  readonly route: Route;
  readonly kept: TraceDigest[] = [];
  /** In how many traces each operation is. */
  readonly operations: Map<OperationEntry, number> = new Map();
  count = 0;
  errors = 0;
  totalNs = 0n;
  slowest: ExampleTrace = { traceId: '', durationNs: -1n };
  readonly #most: number;
  readonly #random = seededRandom(1);

  constructor(route: Route, most: number) {
    this.route = route;
    this.#most = most;
  }

  add(digest: TraceDigest, durationNs: bigint, hasFailed: boolean, operations: OperationEntry[]): void {
    this.count += 1;
    if (hasFailed) this.errors += 1;
    this.totalNs += durationNs;
    if (durationNs > this.slowest.durationNs) this.slowest = { traceId: digest.traceId, durationNs };
    for (const entry of operations) this.operations.set(entry, (this.operations.get(entry) ?? 0) + 1);
    this.#keep(digest);
  }

  /** Every trace has the same chance to be among the kept ones (reservoir sampling). */
  #keep(digest: TraceDigest): void {
    if (this.kept.length < this.#most) {
      this.kept.push(digest);
      return;
    }
    const place = Math.floor(this.#random() * this.count);
    if (place < this.#most) this.kept[place] = digest;
  }
}
