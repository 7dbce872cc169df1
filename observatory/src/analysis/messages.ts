// Messages: how long they waited between their PRODUCER and their CONSUMER, and the path through a queue to the end of the work.
import { durationText, percentText } from '../trace/duration-text.ts';
import { maxNs } from '../trace/nanoseconds.ts';
import type { SpanNode } from '../trace/node.ts';
import type { RootAnalysis, TraceAnalysis } from './analyze-trace.ts';
import { groupPath, groupText } from './bottleneck.ts';
import {
  type CriticalPath,
  endOf,
  type Moment,
  type PathPart,
  startOf,
  type Window,
  walkWindows,
} from './critical-path.ts';
import { findGaps } from './gaps.ts';

/** A message from the span that sent it to the span that handled it, in the same trace or in one that is linked. */
export interface Message {
  readonly producer: SpanNode;
  readonly consumer: SpanNode;
  /** From the end of the PRODUCER span to the start of the CONSUMER span; 0 when it was handled before that end. */
  readonly waitedNs: bigint;
  /** The trace of the consumer, where it is another one: clocks of two traces are not aligned. */
  readonly consumerTraceId: string;
}

function waitBetween(producerEndNs: bigint, consumerStartNs: bigint): bigint {
  return maxNs(0n, consumerStartNs - producerEndNs);
}

function messagesWithin({ tree, timeline }: TraceAnalysis): Message[] {
  return tree.nodes.flatMap((consumer) => {
    const producer = consumer.parent;
    if (consumer.span.kind !== 'CONSUMER' || producer?.span.kind !== 'PRODUCER') return [];
    const { index } = producer;
    const waitedNs = waitBetween(timeline.ends[index] as bigint, timeline.starts[consumer.index] as bigint);
    return [{ producer, consumer, waitedNs, consumerTraceId: tree.traceId }];
  });
}

/**
 * The messages that the spans of a trace sent: those whose CONSUMER is a child of its PRODUCER, and those whose
 * CONSUMER, anywhere in `others`, is linked to it. The latter are compared by the clocks as they are.
 */
export function findMessages(analysis: TraceAnalysis, others: Iterable<TraceAnalysis> = []): Message[] {
  const messages = messagesWithin(analysis);
  const producers = new Map<string, SpanNode>();
  for (const node of analysis.tree.nodes) {
    if (node.span.kind === 'PRODUCER') producers.set(`${node.span.traceId} ${node.span.spanId}`, node);
  }
  for (const { tree } of others) {
    for (const consumer of tree.nodes) {
      if (consumer.span.kind !== 'CONSUMER' || producers.size === 0) continue;
      for (const link of consumer.span.links) {
        const producer = producers.get(`${link.traceId} ${link.spanId}`);
        if (producer === undefined) continue;
        const waitedNs = waitBetween(producer.span.endNs, consumer.span.startNs);
        messages.push({ producer, consumer, waitedNs, consumerTraceId: tree.traceId });
      }
    }
  }
  return messages;
}

function earliest(a: Moment, b: Moment): Moment {
  return b.at < a.at ? b : a;
}

/** What led up to the producer from its root down, one window for each span above it; then the producer until `until`. */
function windowsTo(producer: SpanNode, until: Moment, { timeline }: TraceAnalysis): Window[] {
  const windows: Window[] = [
    { node: producer, from: earliest(startOf(producer, timeline), until), to: until },
  ];
  for (let node = producer.parent; node !== undefined; node = node.parent) {
    const below = windows[windows.length - 1] as Window;
    const start = earliest(startOf(node, timeline), below.from);
    windows.push({ node, from: start, to: below.from, leadsUp: true });
  }
  return windows.reverse();
}

/**
 * The path from the start of a message's root to the end of the span that handled it, with the time in the queue
 * as a part of its own (`queue`): what a user waits for who waits for the message's effect. Its `root` is the CONSUMER.
 * For messages within one trace; `undefined` for a message to another trace, whose clock is not known here.
 */
export function analyzeMessage(analysis: TraceAnalysis, message: Message): RootAnalysis | undefined {
  const { tree, timeline, awaited } = analysis;
  const { producer, consumer } = message;
  if (tree.nodes[consumer.index] !== consumer) return undefined;
  const [start, end] = [startOf(consumer, timeline), endOf(consumer, timeline)];
  const sent = earliest(endOf(producer, timeline), start);
  const before = windowsTo(producer, sent, analysis);
  const from = (before[0] as Window).from;
  const peer = consumer.span.service;
  const queue: PathPart = { node: producer, kind: 'queue', peer, startNs: sent.ns, endNs: start.ns };
  const windows = [
    ...before,
    ...(sent.at < start.at ? [queue] : []),
    { node: consumer, from: start, to: end },
  ];
  const parts = walkWindows(windows, end.at - from.at, timeline, awaited);
  const path: CriticalPath = { root: consumer, startNs: from.ns, durationNs: end.ns - from.ns, parts };
  const groups = groupPath(path);
  const sentence = messageSentence(path, groups, (before[0] as Window).node);
  return { path, groups, bottleneck: groups[0], gaps: findGaps(path, timeline), sentence };
}

function messageSentence(path: CriticalPath, groups: RootAnalysis['groups'], first: SpanNode): string {
  const names = `From ${first.span.name} to the end of ${path.root?.span.name}`;
  const [largest] = groups;
  if (largest === undefined) return `${names} no time passed.`;
  const [self, whole] = [durationText(largest.selfNs), durationText(path.durationNs)];
  return `${names}: ${groupText(largest)} took ${self} of ${whole} (${percentText(largest.share)})`;
}
