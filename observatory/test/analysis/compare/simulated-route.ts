// Routes as they might have been: durations by part, drawn at random, without the spans behind them.
import { analyzeTrace, type TraceAnalysis } from '../../../src/analysis/analyze-trace.ts';
import { createRouteStats, type RouteStats } from '../../../src/analysis/many/index.ts';
import { seededRandom } from '../../../src/analysis/statistics/random.ts';
import { makeSpan } from '../../trace/draw.ts';
import { logNormal, traceIdOf } from '../simulated-checkout.ts';

/** Milliseconds that one request spent in each part of its path, by `service/operation`. */
export type Parts = Record<string, number>;

/** Draws the parts of one request. */
export type Recipe = (random: () => number) => Parts & { failed?: number };

/** A request that spends 2 500 ms in payment, 300 ms in five other parts and 50 ms in rare retries. */
export function usual(random: () => number, payment = 1, spread = 0.3): Parts {
  return {
    'payment/charge': logNormal(random, 2500 * payment, spread),
    'inventory/reserve': logNormal(random, 200, spread),
    'notify/send': logNormal(random, 60, spread),
    'auth/verify': logNormal(random, 30, spread),
    'gateway/POST /api/checkout': logNormal(random, 20, spread),
    'inventory/retry': random() < 0.1 ? logNormal(random, 500, spread) : 0,
  };
}

const roots = new Map<boolean, TraceAnalysis['tree']['nodes'][number]>();

function rootOf(hasFailed: boolean): TraceAnalysis['tree']['nodes'][number] {
  const known = roots.get(hasFailed);
  if (known !== undefined) return known;
  const status = { code: hasFailed ? 'ERROR' : 'UNSET', message: '' } as const;
  const span = makeSpan({ service: 'gateway', name: 'POST /api/checkout', status });
  const root = { span, parent: undefined, children: [], depth: 0, index: 0 };
  roots.set(hasFailed, root);
  return root;
}

const nothing = analyzeTrace({ traceId: traceIdOf(0), spans: [] });

function analysisOf(n: number, { failed = 0, ...parts }: ReturnType<Recipe>): TraceAnalysis {
  const entries = Object.entries(parts).map(([name, ms]) => ({ name, selfNs: BigInt(Math.round(ms * 1e6)) }));
  const durationNs = entries.reduce((sum, { selfNs }) => sum + selfNs, 0n);
  const groups = entries
    .filter(({ selfNs }) => selfNs > 0n)
    .map(({ name, selfNs }) => {
      const [service = '', ...rest] = name.split('/');
      const share = Number(selfNs) / Number(durationNs);
      return {
        kind: 'own' as const,
        service,
        operation: rest.join('/'),
        peer: '',
        selfNs,
        untracedNs: 0n,
        share,
        spans: 1,
        calls: 1,
      };
    })
    .sort((a, b) => b.share - a.share);
  const root = rootOf(failed > 0);
  return {
    ...nothing,
    tree: { traceId: traceIdOf(n), root, roots: [root], nodes: [root], warnings: [] },
    path: { root, startNs: 0n, durationNs, parts: [] },
    groups,
    bottleneck: groups[0],
  };
}

/** Statistics of `count` requests by a recipe. */
export function simulate(count: number, seed: number, recipe: Recipe): RouteStats[] {
  const random = seededRandom(seed);
  const stats = createRouteStats();
  for (let n = 1; n <= count; n++) stats.add(analysisOf(n, recipe(random)));
  return stats.finish();
}
