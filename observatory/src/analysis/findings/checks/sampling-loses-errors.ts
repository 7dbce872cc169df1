// Sampling by chance that keeps so little that most errors leave no trace: as far as the traces tell.
import { percentText } from '../../../trace/duration-text.ts';
import type { SpanNode } from '../../../trace/node.ts';
import type { Span } from '../../../trace/span.ts';
import { CaseBook } from '../case-book.ts';
import { type CheckKind, findingOf, type Words } from '../check.ts';
import { SmallestMap } from '../smallest.ts';
import { isFailed, labelOf, numberOf, textOf } from '../span-facts.ts';
import { templateOf } from '../template-of.ts';

/** Flags of a link in OTLP: whether it was sampled, and whether the sender has written flags at all. */
const SAMPLED = 1;
const HAS_IS_REMOTE = 0x100;
const THRESHOLD_DIGITS = 14;
const MAX_KINDS = 2_000;

const CURE =
  'Keep everything as long as you can pay for it; or decide at the end of the trace, in a Collector (tail_sampling with a policy for errors); or raise the ratio to what the rarest error you care about can stand.';

/** Probability with which a span was kept (OpenTelemetry, `ot=th:` of tracestate; Jaeger, `sampler.param`); 1 when it does not say. */
function keptShare(span: Span): number {
  const threshold = /(?:^|,)\s*ot=[^,]*?\bth:([0-9a-f]{1,14})\b/.exec(span.traceState)?.[1];
  if (threshold !== undefined) {
    const rejected = Number.parseInt(threshold.padEnd(THRESHOLD_DIGITS, '0'), 16);
    return 1 - rejected / 16 ** THRESHOLD_DIGITS;
  }
  const type = textOf(span, 'sampler.type');
  const ratio = numberOf(span, 'sampler.param');
  return type === 'probabilistic' && ratio !== undefined && ratio > 0 && ratio < 1 ? ratio : 1;
}

function unsampledLinks({ span }: SpanNode): { known: number; unsampled: number } {
  const known = span.links.filter(({ flags }) => (flags & HAS_IS_REMOTE) !== 0);
  return { known: known.length, unsampled: known.filter(({ flags }) => (flags & SAMPLED) === 0).length };
}

function jobWords(job: string, service: string, unsampled: number, known: number): Words {
  return {
    severity: 'warning',
    sentence: `${unsampled} of ${known} jobs of ${job} were ordered by requests that were not sampled (${percentText(unsampled / known)}): whether these failed cannot be found out.`,
    cause:
      'The service where the requests come in keeps only a part of them, by chance and before it is known how they end.',
    cure: CURE,
    services: [service],
  };
}

function errorWords(route: string, service: string, kept: number, share: number): Words {
  const all = Math.round(kept / share);
  return {
    severity: 'warning',
    sentence: `${route} keeps ${percentText(share)} of its traces by chance: ${kept} ${kept === 1 ? 'error was' : 'errors were'} kept of about ${all}.`,
    cause: 'The sampler decides at the beginning of the request, when nobody knows how it will end.',
    cure: CURE,
    services: [service],
  };
}

export const samplingLosesErrors: CheckKind = {
  code: 'sampling-loses-errors',
  start: ({ samplingJobs, samplingShare }) => {
    const jobs = new CaseBook<{ service: string; operation: string }>();
    const totals = new SmallestMap<string, { known: number }>(MAX_KINDS);
    const errors = new CaseBook<{ service: string; operation: string; share: string }>();
    const lookAtLinks = (traceId: string, node: SpanNode): void => {
      const { known, unsampled } = unsampledLinks(node);
      if (known === 0) return;
      const parties = { service: node.span.service, operation: templateOf(node.span.name) };
      const total = totals.open(JSON.stringify(parties), () => ({ known: 0 }));
      if (total !== undefined) total.known += known;
      if (unsampled > 0) jobs.add(traceId, parties, { spans: [node.span], count: unsampled });
    };
    return {
      look: ({ tree: { traceId, root, nodes } }) => {
        for (const node of nodes) {
          if (node.span.kind === 'CONSUMER' && node.span.links.length > 0) lookAtLinks(traceId, node);
        }
        if (root === undefined || !isFailed(root.span)) return;
        const share = keptShare(root.span);
        if (share >= 1 - samplingShare || share <= 0) return;
        const { service, name: operation } = root.span;
        errors.add(traceId, { service, operation, share: String(share) }, { spans: [root.span] });
      },
      finish: () => {
        const known = new Map(totals.entries());
        const lost = jobs.close().flatMap((seen) => {
          const { service, operation } = seen.parties;
          const total = known.get(JSON.stringify(seen.parties))?.known ?? seen.count;
          if (seen.count < samplingJobs || seen.count / total < samplingShare) return [];
          const words = jobWords(labelOf(service, operation), service, seen.count, total);
          return [findingOf('sampling-loses-errors', seen, words)];
        });
        const few = errors.close().map((seen) => {
          const { service, operation, share } = seen.parties;
          const words = errorWords(labelOf(service, operation), service, seen.count, Number(share));
          return findingOf('sampling-loses-errors', seen, words);
        });
        return [...lost, ...few];
      },
    };
  },
};
