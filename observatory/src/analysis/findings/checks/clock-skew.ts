// Services whose clocks differ: answers that begin before their calls, or after them.
import { durationText } from '../../../trace/duration-text.ts';
import { msToNs } from '../../../trace/nanoseconds.ts';
import type { SpanNode } from '../../../trace/node.ts';
import { CaseBook } from '../case-book.ts';
import { type CheckKind, findingOf } from '../check.ts';
import { isCancelled, isFailed } from '../span-facts.ts';

/** An answer may end this much after its call on one clock: the callee closes late when the machine is busy. */
const LATE_CLOSE_NS = 100_000_000n;
/** Late ends tell of clocks when there are so many of them, or when one is later than any machine is busy. */
const LATE_CLOSES = 3;
const SURELY_LATE_NS = 1_000_000_000n;
/** Marks what has no other explanation than two clocks. */
const CERTAIN = 'certain';

/** By how much the callee's clock is behind at least (ahead, if negative), nanoseconds; 0 when it may agree. */
function skewOf({ parent, span: answer }: SpanNode): bigint {
  if (parent === undefined || answer.kind !== 'SERVER' || parent.span.kind !== 'CLIENT') return 0n;
  const call = parent.span;
  if (answer.startNs < call.startNs) return call.startNs - answer.startNs;
  const overhang = answer.endNs - call.endNs;
  const gaveUp = isFailed(call) || isCancelled(call);
  const fits = answer.endNs - answer.startNs <= call.endNs - call.startNs;
  if (gaveUp || !fits) return 0n;
  return answer.startNs > call.endNs || overhang > LATE_CLOSE_NS ? -overhang : 0n;
}

function absolute(ns: bigint): bigint {
  return ns < 0n ? -ns : ns;
}

function isCertain({ parent, span }: SpanNode, skew: bigint): boolean {
  return skew > 0n || -skew >= SURELY_LATE_NS || span.startNs > (parent?.span.endNs ?? 0n);
}

export const clockSkew: CheckKind = {
  code: 'clock-skew',
  start: ({ clockSkewMs }) => {
    const book = new CaseBook<{ caller: string; callee: string; direction: string }>();
    const leastNs = msToNs(clockSkewMs);
    return {
      look: ({ tree: { traceId, nodes } }) => {
        for (const node of nodes) {
          const skew = skewOf(node);
          if (skew === 0n || absolute(skew) < leastNs || node.parent === undefined) continue;
          const direction = skew > 0n ? 'behind' : 'ahead of';
          const parties = { caller: node.parent.span.service, callee: node.span.service, direction };
          const words = isCertain(node, skew) ? [CERTAIN] : [];
          book.add(traceId, parties, { spans: [node.span], size: Number(absolute(skew)), words });
        }
      },
      finish: () => {
        const proven = book
          .close()
          .filter(({ words, count }) => words.includes(CERTAIN) || count >= LATE_CLOSES);
        return proven.map((seen) => {
          const { caller, callee, direction } = seen.parties;
          const worst = durationText(BigInt(seen.largest));
          return findingOf('clock-skew', seen, {
            severity: 'warning',
            sentence: `The clock of ${callee} is up to ${worst} ${direction} that of ${caller}: ${seen.count} of its answers ${direction === 'behind' ? 'begin before their calls' : 'end after their calls'}.`,
            cause:
              'The two machines do not keep the same time: one has no NTP, or a virtual machine was paused.',
            cure: `Synchronise the clocks (chrony, systemd-timesyncd). Until then Longpole moves the spans of ${callee} into their calls; what is shorter than the difference is not to be trusted.`,
            services: [caller, callee],
          });
        });
      },
    };
  },
};
