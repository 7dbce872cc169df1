// Messages: how long they waited in a queue, and the path through it.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { analyzeTrace } from '../../src/analysis/analyze-trace.ts';
import { analyzeMessage, findMessages } from '../../src/analysis/messages.ts';
import { makeSpan, spanId, TRACE_ID } from '../trace/draw.ts';
import { analyze } from './draw-path.ts';
import { anySpans, toTrace } from './random-trace.ts';

const order = `
  shop POST /orders             |======                       |
    shop check                  | ==                          |
    shop send order [producer]  |    =                        |
      mill grind [consumer]     |             ===============|
        mill store              |                     ======  |
`;

describe('a message within a trace', () => {
  test('waits from the end of its sending to the start of its handling', () => {
    const analysis = analyze(order);
    expect(findMessages(analysis)).toMatchObject([{ waitedNs: 80_000_000n, consumerTraceId: TRACE_ID }]);
    expect(analysis.path.durationNs).toBe(60_000_000n);
  });

  test('its path goes through the queue to the end of the work', () => {
    const analysis = analyze(order);
    const [message] = findMessages(analysis);
    const answer = message && analyzeMessage(analysis, message);
    expect(
      answer?.path.parts.map(({ node, kind, startNs, endNs }) => {
        return `${kind} ${node.span.name} ${(endNs - startNs) / 1_000_000n}`;
      }),
    ).toEqual([
      'untraced POST /orders 10',
      'own check 20',
      'untraced POST /orders 10',
      'own send order 10',
      'queue send order 80',
      'untraced grind 80',
      'own store 60',
      'untraced grind 10',
    ]);
    expect(
      answer?.groups.map(({ kind, service, peer, selfNs }) => [kind, service, peer, Number(selfNs) / 1e6]),
    ).toEqual([
      ['untraced', 'mill', '', 90],
      ['queue', 'shop', 'mill', 80],
      ['own', 'mill', '', 60],
      ['untraced', 'shop', '', 20],
      ['own', 'shop', '', 20],
      ['own', 'shop', '', 10],
    ]);
    expect(answer?.sentence).toBe(
      'From POST /orders to the end of grind: mill · grind took 90 ms of 280 ms (32 %)',
    );
  });

  test('one that was handled before its sending ended did not wait', () => {
    const analysis = analyze(`
      shop POST /orders             |==========     |
        shop send order [producer]  | =====         |
          mill grind [consumer]     |   ==========  |
    `);
    const [message] = findMessages(analysis);
    expect(message?.waitedNs).toBe(0n);
    const parts = message && analyzeMessage(analysis, message)?.path.parts;
    expect(parts?.map((part) => part.kind)).toEqual(['untraced', 'own', 'own']);
  });
});

describe('a message to another trace', () => {
  const sender = analyzeTrace({
    traceId: TRACE_ID,
    spans: [
      makeSpan({ id: 'r', name: 'POST /notifications', endMs: 30 }),
      makeSpan({ id: 'p', parent: 'r', name: 'send receipt', kind: 'PRODUCER', startMs: 20, endMs: 21 }),
    ],
  });
  const traceId = 'f'.repeat(32);
  const link = {
    traceId: TRACE_ID,
    spanId: spanId('p'),
    traceState: '',
    attributes: {},
    droppedAttributesCount: 0,
    flags: 0,
  };
  const job = {
    ...makeSpan({ id: 'j', name: 'process receipt', kind: 'CONSUMER', startMs: 521, endMs: 600 }),
    traceId,
  };

  test('is found by the link of its consumer', () => {
    const handler = analyzeTrace({ traceId, spans: [{ ...job, links: [link] }] });
    const messages = findMessages(sender, [handler]);
    expect(messages).toMatchObject([{ waitedNs: 500_000_000n, consumerTraceId: traceId }]);
    expect(messages.map((message) => analyzeMessage(sender, message))).toEqual([undefined]);
  });

  test('a job without a link is nobody’s', () => {
    expect(findMessages(sender, [analyzeTrace({ traceId, spans: [job] })])).toEqual([]);
  });
});

test('the parts of every message’s path follow each other from the root’s start to the consumer’s end', () => {
  fc.assert(
    fc.property(anySpans, (spans) => {
      const analysis = analyzeTrace(toTrace(spans));
      for (const message of findMessages(analysis)) {
        const { path } = analyzeMessage(analysis, message) ?? {};
        let cursor = path?.startNs;
        for (const part of path?.parts ?? []) {
          expect(part.startNs).toBe(cursor);
          expect(part.endNs).toBeGreaterThan(part.startNs);
          cursor = part.endNs;
        }
        expect(cursor).toBe(analysis.timeline.ends[message.consumer.index]);
      }
    }),
    { numRuns: 500 },
  );
});
