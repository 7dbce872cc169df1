// The queue of encoded spans: nothing is lost, doubled or put out of order by taking, splitting and putting back.

import { describe, expect, it } from '@jest/globals';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { spansFromProtobuf } from '../../../observatory/src/wire/protobuf/spans-from-protobuf.ts';
import { type EncodedBatch, EncodedQueue } from '../../src/start/encoded-queue.ts';
import { ScriptedExporter } from './support/scripted-exporter.ts';
import { traced } from './support/traced.ts';

const PACK = { spans: 4, bytes: 10_000 };
const ALL = { spans: Infinity, bytes: Infinity };

/** Ended spans with these names, each a text of that many characters longer. */
function spansNamed(names: readonly string[], padding = 0): ReadableSpan[] {
  const { processor, tracer } = traced(new ScriptedExporter());
  const spans: ReadableSpan[] = [];
  processor.onEnd = (span) => void spans.push(span);
  for (const name of names) tracer.startSpan(name, { attributes: { padding: 'x'.repeat(padding) } }).end();
  return spans;
}

function filled(names: readonly string[], padding = 0): EncodedQueue {
  const queue = new EncodedQueue(PACK);
  for (const span of spansNamed(names, padding)) queue.push(span);
  return queue;
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_unused, i) => `work ${i}`);
const namesIn = (batch: EncodedBatch): string[] =>
  spansFromProtobuf(Buffer.from(batch.body())).spans.map(({ name }) => name);

describe('the queue of encoded spans', () => {
  it('gives the oldest whole packs that fit', () => {
    const queue = filled(numbered(11));
    expect(namesIn(queue.take({ spans: 9, bytes: Infinity }))).toEqual(numbered(8));
    expect(queue.length).toBe(3);
    expect(namesIn(queue.take(ALL))).toEqual(numbered(11).slice(8));
    expect(queue.length).toBe(0);
  });

  it('splits a pack that is larger than what may be sent', () => {
    const queue = filled(numbered(4));
    expect(namesIn(queue.take({ spans: 3, bytes: Infinity }))).toEqual(numbered(3));
    expect(namesIn(queue.take({ spans: 3, bytes: Infinity }))).toEqual(['work 3']);
  });

  it('sends at least one span, however small a request may be', () => {
    const queue = filled(numbered(3), 2000);
    expect(namesIn(queue.take({ spans: 2048, bytes: 100 }))).toEqual(['work 0']);
    expect(queue.length).toBe(2);
  });

  it('keeps within the bytes of a request', () => {
    const queue = filled(numbered(30), 1000);
    const batches = queue.takeAll({ spans: 2048, bytes: 5000 });
    expect(batches.flatMap(namesIn)).toEqual(numbered(30));
    for (const batch of batches) expect(queue.bytesOf(batch)).toBeLessThanOrEqual(5000);
  });

  it('counts spans whether they are encoded by now or not, and tells of those that cannot be', () => {
    const queue = new EncodedQueue({ spans: 100, bytes: 1_000_000 });
    const refused: unknown[] = [];
    queue.onRefused = (fault) => refused.push(fault);
    const spans = spansNamed(numbered(70));
    const broken = { ...spansNamed(['broken'])[0], links: [{}] } as unknown as ReadableSpan;
    for (const [i, span] of spans.entries()) {
      queue.push(span);
      if (i === 40) queue.push(broken);
    }
    expect(queue.length + refused.length).toBe(71);
    expect(namesIn(queue.take(ALL))).toEqual(numbered(70));
    expect(refused).toEqual([expect.any(TypeError)]);
    expect(queue.length).toBe(0);
  });

  it('gives nothing where all that was left cannot be encoded', () => {
    const queue = new EncodedQueue(PACK);
    queue.push({ ...spansNamed(['broken'])[0], links: [{}] } as unknown as ReadableSpan);
    expect(queue.length).toBe(1);
    expect(queue.take(ALL).length).toBe(0);
    expect(queue.length).toBe(0);
  });

  it('puts a batch back where it came from', () => {
    const queue = filled(numbered(6));
    const batch = queue.take({ spans: 4, bytes: Infinity });
    queue.putBack(batch);
    expect(queue.length).toBe(6);
    expect(queue.takeAll(ALL).flatMap(namesIn)).toEqual(numbered(6));
  });

  it('keeps apart what comes after a flush has begun', () => {
    const queue = filled(numbered(2));
    queue.seal();
    for (const span of spansNamed(['later'])) queue.push(span);
    expect(namesIn(queue.take({ spans: 2, bytes: Infinity }))).toEqual(numbered(2));
    expect(namesIn(queue.take(ALL))).toEqual(['later']);
  });

  it('loses and doubles nothing, whatever is taken, halved and put back', () => {
    const sizes = fc.record({
      spans: fc.integer({ min: 1, max: 9 }),
      bytes: fc.integer({ min: 100, max: 4000 }),
    });
    const moves = fc.array(fc.oneof(fc.constantFrom('push', 'seal', 'back'), sizes), { maxLength: 40 });
    fc.assert(
      fc.property(moves, (all) => {
        const queue = new EncodedQueue(PACK);
        const spans = spansNamed(numbered(all.length), 100);
        const taken: string[] = [];
        let pushed = 0;
        let last: EncodedBatch | undefined;
        const settle = (): void => {
          if (last !== undefined) taken.push(...namesIn(last));
          last = undefined;
        };
        for (const move of all) {
          if (move === 'push') queue.push(spans[pushed++] as ReadableSpan);
          else if (move === 'seal') queue.seal();
          else if (move === 'back') {
            if (last !== undefined) queue.putBack(last);
            last = undefined;
          } else if (queue.length > 0) {
            settle();
            last = queue.take(move);
          }
        }
        settle();
        taken.push(...queue.takeAll(ALL).flatMap(namesIn));
        expect(taken).toEqual(numbered(pushed));
        expect(queue.length).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});
