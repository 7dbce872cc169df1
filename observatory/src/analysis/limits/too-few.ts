// Whether a route has enough traces for a limit.
import { countText } from '../../trace/duration-text.ts';
import type { RouteStats } from '../many/route-stats.ts';
import { quantile } from '../statistics/quantile.ts';
import type { Limit } from './limit.ts';
import { isBroken } from './measure-route.ts';

/** No percentile is taken of fewer traces. */
const LEAST = 5;

function isUpper({ operator }: Limit): boolean {
  return operator === '>' || operator === '>=';
}

/** Traces of which at least one lies beyond a share of `1 - rest`. */
function needed(rest: number): number {
  return Math.max(LEAST, Math.ceil(1 / rest - 1e-6));
}

/** Why a percentile cannot be judged. An upper limit that a lower percentile breaks already is judged with any number of traces. */
function fewForPercentile(
  limit: Limit,
  percentile: number,
  { operation, samples, count }: RouteStats,
): string | undefined {
  const least = needed(1 - percentile / 100);
  if (samples.size >= least) return undefined;
  const surest = quantile(samples.durationsNs, 1 - 1 / samples.size);
  if (samples.size >= LEAST && isUpper(limit) && isBroken(limit, surest)) return undefined;
  const kept = samples.size < count ? ` of which ${samples.size} are kept` : '';
  return `${operation} has ${countText(count, 'trace')}${kept}, and a p${percentile} needs at least ${least}. Read more of them, or set a limit on max.`;
}

/** Why an error rate cannot be judged: with fewer traces than this even one error is more than the limit. */
function fewForErrors(limit: Limit, { operation, errors, count }: RouteStats): string | undefined {
  if (limit.value === 0 || !isUpper(limit) || isBroken(limit, errors / count)) return undefined;
  const least = Math.ceil(1 / limit.value - 1e-6);
  if (count >= least) return undefined;
  return `${operation} has ${countText(count, 'trace')}, too few to show a rate that low: at least ${least} are needed. Read more of them, or write 'errors > 0%'.`;
}

/** Why a limit cannot be judged on a route, and what to do; `undefined` when it can. */
export function tooFew(limit: Limit, stats: RouteStats): string | undefined {
  const { subject } = limit;
  if (subject.kind === 'percentile') return fewForPercentile(limit, subject.percentile, stats);
  return subject.kind === 'errors' ? fewForErrors(limit, stats) : undefined;
}
