// What changed between two sets of traces as data: what `longpole compare --json` prints.
import { groupText, type PathGroup } from '../../analysis/bottleneck.ts';
import type {
  Comparison,
  ComparisonVerdict,
  DurationChange,
  GroupChange,
  Presence,
} from '../../analysis/compare/index.ts';
import { nsToMs } from '../../trace/nanoseconds.ts';
import type { LimitJson } from '../output/report-limits.ts';

/** A duration before and after, milliseconds. */
export interface ChangeJson {
  readonly beforeMs: number;
  readonly afterMs: number;
  /** After minus before, and its 95 % confidence interval. */
  readonly differenceMs: number;
  readonly lowMs: number;
  readonly highMs: number;
  /** `difference / before`; `null` when there was nothing before. */
  readonly ratio: number | null;
  /** Probability of a difference this large by chance, corrected for everything that was compared. */
  readonly pValue: number;
  readonly isSignificant: boolean;
  /** Large enough to matter. */
  readonly isLarge: boolean;
}

/** A set of traces that was compared. */
export interface SideRead {
  /** As it was named. */
  readonly name: string;
  readonly source: string;
  readonly traces: number;
}

/** A route that was compared. Shares and rates are 0 to 1. */
export interface ComparedRouteJson {
  readonly service: string;
  readonly operation: string;
  readonly verdict: ComparisonVerdict;
  readonly before: number;
  readonly after: number;
  /** Durations; `null` when the route is in one set only. */
  readonly p50: ChangeJson | null;
  readonly p95: ChangeJson | null;
  readonly errors: Comparison['errors'] | null;
  /** Groups of the path: significant ones first, then by size of the difference. */
  readonly groups: readonly (Pick<PathGroup, 'kind' | 'service' | 'operation' | 'peer'> & {
    readonly text: string;
    readonly presence: Presence;
    readonly time: ChangeJson;
    readonly meanDifferenceMs: number;
    /** Of what the route lost or won; `null` when it did not change. */
    readonly shareOfChange: number | null;
  })[];
  /** Operations that appeared or disappeared. */
  readonly operations: Comparison['operations'];
  readonly sentence: string;
}

/** What `--json` prints. */
export interface CompareJson {
  readonly before: SideRead;
  readonly after: SideRead;
  readonly routes: readonly ComparedRouteJson[];
  /** Limits of `--fail-if` that did not hold; the command ends with 1 when there is one. */
  readonly brokenLimits: readonly LimitJson[];
  readonly warnings: readonly string[];
}

function toChangeJson(change: DurationChange): ChangeJson {
  const { beforeNs, afterNs, differenceNs, lowNs, highNs, ratio, pValue, isSignificant, isLarge } = change;
  return {
    beforeMs: nsToMs(beforeNs),
    afterMs: nsToMs(afterNs),
    differenceMs: nsToMs(differenceNs),
    lowMs: nsToMs(lowNs),
    highMs: nsToMs(highNs),
    ratio: Number.isFinite(ratio) ? ratio : null,
    pValue,
    isSignificant,
    isLarge,
  };
}

function toGroupJson(group: GroupChange): ComparedRouteJson['groups'][number] {
  const { kind, service, operation, peer, presence, time, meanDifferenceNs, shareOfChange } = group;
  return {
    kind,
    service,
    operation,
    peer,
    text: groupText(group),
    presence,
    time: toChangeJson(time),
    meanDifferenceMs: nsToMs(meanDifferenceNs),
    shareOfChange: shareOfChange ?? null,
  };
}

/** What changed on a route as data. */
export function toComparedRouteJson(comparison: Comparison): ComparedRouteJson {
  const { service, operation, verdict, before, after, p50, p95, errors, groups, operations, sentence } =
    comparison;
  return {
    service,
    operation,
    verdict,
    before: before?.count ?? 0,
    after: after?.count ?? 0,
    p50: p50 === undefined ? null : toChangeJson(p50),
    p95: p95 === undefined ? null : toChangeJson(p95),
    errors: errors ?? null,
    groups: groups.map(toGroupJson),
    operations,
    sentence,
  };
}
