// The actual value that a limit looks at, on one route.
import { durationText } from '../../trace/duration-text.ts';
import type { RouteGroup, RouteStats } from '../many/route-stats.ts';
import { quantile } from '../statistics/quantile.ts';
import type { Limit, LimitSubject } from './limit.ts';

/** A number that a limit is about. */
export interface Measured {
  readonly value: number;
  /** `p95`, `share of payment`, as sentences name it. */
  readonly name: string;
}

function sum(groups: readonly RouteGroup[], of: (group: RouteGroup) => number): number {
  return groups.reduce((total, group) => total + of(group), 0);
}

function timeShare({ groups }: RouteStats, time: 'network' | 'queue' | 'untraced'): number {
  if (time === 'untraced') return sum(groups, (group) => group.untracedShare);
  return sum(groups, (group) => (group.kind === time ? group.share : 0));
}

/** Share of a service (or one operation of it): its own and untraced time, without that on the network and in queues. */
function shareOf({ groups }: RouteStats, { service, operation }: LimitSubject & { kind: 'share' }): number {
  return sum(groups, (group) => {
    const isIt = group.service === service && (operation === undefined || group.operation === operation);
    return isIt && group.peer === '' ? group.share : 0;
  });
}

/** The value of a subject on a route; `slower` has none. */
export function measure(subject: Exclude<LimitSubject, { kind: 'slower' }>, route: RouteStats): Measured {
  switch (subject.kind) {
    case 'percentile':
      return {
        value: quantile(route.samples.durationsNs, subject.percentile / 100),
        name: `p${subject.percentile}`,
      };
    case 'max':
      return { value: Number(route.durations.maxNs), name: 'max' };
    case 'mean':
      return { value: Number(route.durations.meanNs), name: 'mean' };
    case 'count':
      return { value: route.count, name: 'number of traces' };
    case 'errors':
      return { value: route.errors / route.count, name: 'error rate' };
    case 'time':
      return { value: timeShare(route, subject.time), name: `${subject.time} share` };
    case 'share': {
      const { service, operation } = subject;
      return {
        value: shareOf(route, subject),
        name: `share of ${service}${operation === undefined ? '' : ` · ${operation}`}`,
      };
    }
  }
}

export function isBroken({ operator, value: limit }: Limit, value: number): boolean {
  if (operator === '>') return value > limit;
  if (operator === '>=') return value >= limit;
  return operator === '<' ? value < limit : value <= limit;
}

function precisely(
  value: number,
  limit: number,
  text: (value: number) => string,
  fine: (value: number) => string,
): string {
  return value !== limit && text(value) === text(limit) ? fine(value) : text(value);
}

/** The value in words, exact enough to be told from the limit. */
export function valueText({ subject, value: limit }: Limit, value: number): string {
  if (subject.kind === 'count') return String(value);
  if (subject.kind === 'percentile' || subject.kind === 'max' || subject.kind === 'mean') {
    const short = (ns: number): string => durationText(BigInt(Math.round(ns)));
    return precisely(value, limit, short, (ns) => `${ns / 1e6} ms`);
  }
  const short = (share: number): string => `${Number((share * 100).toFixed(1))} %`;
  return precisely(value, limit, short, (share) => `${share * 100} %`);
}
