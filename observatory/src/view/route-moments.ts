// When the traces of each route began, how long they took and what held each of them up.
import type { TraceAnalysis } from '../analysis/analyze-trace.ts';
import type { PathGroup } from '../analysis/bottleneck.ts';
import type { RouteStats } from '../analysis/many/index.ts';
import { nsToMs } from '../trace/nanoseconds.ts';
import { Callees } from './callees.ts';
import type { RouteView } from './set-shapes.ts';

interface Moment {
  readonly startMs: number;
  readonly durationMs: number;
  /** Key of the bottleneck. */
  readonly bottleneck: string;
}

type Operation = Pick<PathGroup, 'service' | 'operation' | 'peer'>;

function keyOf({ service, operation, peer }: Operation): string {
  return JSON.stringify([service, operation, peer]);
}

/** Collects from one analysis after the other. */
export class RouteMoments {
  readonly callees: Callees = new Callees();
  readonly #byRoute = new Map<string, Moment[]>();

  add(analysis: TraceAnalysis): void {
    const { path, bottleneck } = analysis;
    if (path.root === undefined) return;
    this.callees.add(analysis);
    const { service, name: operation } = path.root.span;
    const key = keyOf({ service, operation, peer: '' });
    const moments = this.#byRoute.get(key) ?? [];
    this.#byRoute.set(key, moments);
    moments.push({
      startMs: nsToMs(path.startNs),
      durationMs: nsToMs(path.durationNs),
      bottleneck: bottleneck === undefined ? '' : keyOf(bottleneck),
    });
  }

  /** The traces of a route by their start; bottlenecks as indexes into the route's groups, -1 for none of them. */
  pointsOf({ service, operation, groups }: RouteStats): RouteView['points'] {
    const indexes = new Map(groups.map((group, index) => [keyOf(group), index]));
    const moments = this.#byRoute.get(keyOf({ service, operation, peer: '' })) ?? [];
    return moments
      .toSorted((a, b) => a.startMs - b.startMs)
      .map(({ startMs, durationMs, bottleneck }) => [startMs, durationMs, indexes.get(bottleneck) ?? -1]);
  }
}
