// Long stretches of the path in which nothing was traced: where they are, between which spans, in words.
import { durationText } from '../trace/duration-text.ts';
import { compareNs, shareOf } from '../trace/nanoseconds.ts';
import type { SpanNode } from '../trace/node.ts';
import type { CriticalPath, PathPart } from './critical-path.ts';
import { isCall, type Timeline } from './timeline.ts';

/** A stretch of the path in a span that waits for children, while none of them ran. */
export interface Gap {
  /** The span in which nothing is traced. */
  readonly node: SpanNode;
  readonly startNs: bigint;
  readonly durationNs: bigint;
  /** Share of the root's duration, 0 to 1. */
  readonly share: number;
  /** The child that ended at the start of the gap, if any. */
  readonly after: SpanNode | undefined;
  /** The child that started at the end of the gap, if any. */
  readonly before: SpanNode | undefined;
  /** `180 ms in gateway before the call to payment: nothing traced`. */
  readonly sentence: string;
}

/** `the call to payment`, or the child's name in quotes. */
function childText(child: SpanNode): string {
  const named = child.span.attributes['service.peer.name'];
  const answer = child.children.find((one) => isCall(child, one))?.span.service;
  const peer = answer ?? (typeof named === 'string' ? named : '');
  if (child.span.kind === 'CLIENT' && peer !== '') return `the call to ${peer}`;
  return child.span.name === '' ? 'a span without a name' : `“${child.span.name}”`;
}

function placeText({ before, after }: Pick<Gap, 'before' | 'after'>): string {
  if (before !== undefined) return ` before ${childText(before)}`;
  return after === undefined ? '' : ` after ${childText(after)}`;
}

function gapOf({ node, startNs, endNs }: PathPart, wholeNs: bigint, { starts, ends }: Timeline): Gap {
  const durationNs = endNs - startNs;
  const touching = {
    after: node.children.findLast((child) => ends[child.index] === startNs),
    before: node.children.find((child) => starts[child.index] === endNs),
  };
  const sentence = `${durationText(durationNs)} in ${node.span.service}${placeText(touching)}: nothing traced`;
  return { node, startNs, durationNs, share: shareOf(durationNs, wholeNs), ...touching, sentence };
}

/** The gaps of a path, the longest first: at least 10 ms and a hundredth of the root's duration each. */
export function findGaps(path: CriticalPath, timeline: Timeline): Gap[] {
  const untraced = path.parts.filter((part) => part.kind === 'untraced');
  const gaps = untraced.map((part) => gapOf(part, path.durationNs, timeline));
  return gaps.sort((a, b) => compareNs(b.durationNs, a.durationNs));
}
