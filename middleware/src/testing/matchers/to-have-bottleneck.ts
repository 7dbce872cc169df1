// toHaveBottleneck(): what the request waits for most is this service or operation.

import { nearest, parseOptions } from '../../options/parse-options.ts';
import type { Mark } from '../drawing/draw-trace.ts';
import { msText } from '../drawing/span-text.ts';
import { isText } from '../matching/checks.ts';
import { matchesValue } from '../matching/value.ts';
import type { TraceView } from '../view/trace-view.ts';
import { loadAnalysis, type PathGroup, traceForAnalysis } from './analysis-package.ts';
import { argumentError } from './argument-error.ts';
import { givenTrace } from './given-trace.ts';
import { list, type MatcherResult, result } from './result.ts';

const OWNER = 'toHaveBottleneck()';

export interface BottleneckOptions {
  /** Least share of the request's time, from 0 to 1. */
  readonly share?: number;
}

/**
 * `expected` is the name of a service or of a span. Needs the package `longpole`.
 *
 * @throws LongpoleError `ERR_LONGPOLE_ANALYSIS_MISSING`
 */
export function toHaveBottleneck(
  received: unknown,
  expected: string | RegExp,
  options?: BottleneckOptions,
): MatcherResult {
  const view = givenTrace(OWNER, received);
  if (isText(expected) !== undefined) {
    throw argumentError(OWNER, expected, "expected the name of a service or span, such as 'payment'");
  }
  parseOptions(OWNER, options, { share: isShare });
  const { groups, sentence } = loadAnalysis(OWNER).analyzeTrace(traceForAnalysis(view.trace));
  const [top] = groups;
  const isIt = top !== undefined && namesOf(top).some((name) => matchesValue(name, expected));
  const pass = isIt && top.share >= (options?.share ?? 0);
  const call = { matcher: 'toHaveBottleneck', args: [expected, options] };
  const wish = pass ? 'Expected another bottleneck.' : wishOf(expected, options, isIt, groups);
  return result(call, view, {
    pass,
    say: () => [wish, `${sentence.replace(/\.$/, '')}.`],
    marks: () => marksOf(view, groups),
  });
}

function isShare(value: unknown): string | undefined {
  return typeof value === 'number' && value >= 0 && value <= 1
    ? undefined
    : 'expected a share from 0 to 1, such as 0.5';
}

function namesOf({ service, operation, peer }: PathGroup): string[] {
  return [service, operation, `${service} ${operation}`, ...(peer === '' ? [] : [peer])];
}

function wishOf(
  expected: string | RegExp,
  options: BottleneckOptions | undefined,
  isIt: boolean,
  groups: readonly PathGroup[],
): string {
  if (isIt) return `Expected a share of at least ${Math.round((options?.share ?? 0) * 100)} %.`;
  const known = [...new Set(groups.flatMap(namesOf))];
  if (known.some((name) => matchesValue(name, expected))) return `Expected ${list([expected])}.`;
  const near = typeof expected === 'string' ? nearest(expected, known) : undefined;
  const hint = near === undefined ? '' : ` Did you mean '${near}'?`;
  return `Nothing the request waits for is ${list([expected])}.${hint}`;
}

/** The spans of the largest parts of the critical path, each with its part. */
function marksOf(view: TraceView, groups: readonly PathGroup[]): Mark[] {
  return groups.slice(0, 3).flatMap((group, i) => {
    const node = view.nodes.find(
      ({ span }) => span.service === group.service && span.name === group.operation,
    );
    const way = group.peer === '' ? 'on its own' : `on the way to ${group.peer}`;
    const note = `${msText(Number(group.selfNs) / 1e6)} ${way}, ${Math.round(group.share * 100)} %`;
    return node === undefined
      ? []
      : [{ node, sign: i === 0 ? ('→' as const) : ('✓' as const), notes: [note] }];
  });
}
