// Attributes whose values come again and again are encoded once, and say the same; in a file of its own, with no names known yet.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { spansFromProtobuf } from '../../../observatory/src/wire/protobuf/spans-from-protobuf.ts';
import { encodeRequest } from '../../src/encoding/protobuf-request.ts';
import { SpanPack } from '../../src/encoding/span-pack.ts';
import { limitsFrom } from '../../src/recording/limits.ts';
import { RandomIds } from '../../src/recording/random-ids.ts';
import { Recorder } from '../../src/recording/recorder.ts';
import { alwaysOn } from '../../src/sampling/samplers.ts';

/** One ended span for each set of attributes. */
function spansWith(sets: readonly Record<string, string | number | boolean>[]): ReadableSpan[] {
  const spans: ReadableSpan[] = [];
  const recorder = new Recorder({
    resource: resourceFromAttributes({}),
    sampler: alwaysOn,
    limits: limitsFrom(),
    ids: new RandomIds(),
    processor: {
      onStart: () => {},
      onEnd: (span) => void spans.push(span),
      forceFlush: async () => {},
      shutdown: async () => {},
    },
  });
  const tracer = recorder.getTracer('test');
  sets.forEach((attributes, i) => void tracer.startSpan('work', { attributes, kind: i % 3 }).end());
  return spans;
}

function encoded(spans: readonly ReadableSpan[]): Uint8Array {
  const pack = new SpanPack();
  for (const span of spans) pack.add(span);
  return encodeRequest(pack.groups);
}

/** Bytes of the heap in use, when there is nothing left to collect: what else has run in this process goes in several turns. */
function heapInUse(collect: () => void): number {
  let before: number;
  let after = Number.POSITIVE_INFINITY;
  do {
    before = after;
    collect();
    after = process.memoryUsage().heapUsed;
  } while (before - after > LENGTH / 10);
  return after;
}

function keptBy(work: () => void): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const before = heapInUse(collect);
  work();
  return heapInUse(collect) - before;
}

const LENGTH = 4_000_000;
const cutOut = (i: number): string => `${String(i).padStart(20, 'x')}${'y'.repeat(LENGTH)}`.slice(0, 20);

describe('attributes that come again', () => {
  it('say the same, with few texts and with many', () => {
    const longest = 'l'.repeat(64);
    const some = [
      '',
      'GET',
      'ключ',
      'x\u0000y',
      longest,
      `${longest}m`,
      ...Array.from({ length: 12 }, String),
    ];
    const all = [...some, ...some, ...some.toReversed()];
    const spans = spansWith(all.map((text, i) => ({ word: text, other: text.slice(1), count: i })));
    const theirs = ProtobufTraceSerializer.serializeRequest(spans) ?? new Uint8Array();
    expect(spansFromProtobuf(encoded(spans))).toEqual(spansFromProtobuf(theirs));
  });

  it('say the same where a place has now this name and value and now that one', () => {
    const values = [1, true, '1', 0, -0, false, '', 'true', 4_294_967_296, 2 ** 32 - 1, 0.5, Number.NaN, -1];
    const sets = Array.from({ length: 400 }, (_, i) => ({
      [`place.${i % 2}`]: values[i % values.length] as number,
      'place.same': values[(i >> 3) % values.length] as number,
      [`place.${(i >> 2) % 3}.late`]: values[(i * 5) % values.length] as number,
    }));
    const spans = spansWith(sets);
    const theirs = ProtobufTraceSerializer.serializeRequest(spans) ?? new Uint8Array();
    expect(spansFromProtobuf(encoded(spans))).toEqual(spansFromProtobuf(theirs));
  });

  it('say the same where neighbours stay, change, leave and come back', () => {
    const sets = Array.from({ length: 600 }, (_, i) => {
      const changing = (i >> 4) % 40;
      const length = i % 7 === 0 ? 40 - ((i >> 3) % 39) : 40;
      const valueAt = (place: number): number => (place === changing ? (i >> 2) % 3 : place);
      return Object.fromEntries(
        Array.from({ length }, (__, place) => [`neighbour.${place}`, valueAt(place)]),
      );
    });
    const spans = spansWith(sets);
    const theirs = ProtobufTraceSerializer.serializeRequest(spans) ?? new Uint8Array();
    expect(spansFromProtobuf(encoded(spans))).toEqual(spansFromProtobuf(theirs));
  });

  it('keep no longer text that a value was cut out of', () => {
    const held: string[] = [];
    // That slices do keep what they are cut out of is what makes the other half of the test one.
    expect(keptBy(() => held.push(...[1, 2, 3].map(cutOut)))).toBeGreaterThan(2 * LENGTH);
    const kept = keptBy(() => {
      for (let i = 0; i < 8; i++) encoded(spansWith([{ 'app.cut': cutOut(i) }]));
    });
    expect(kept).toBeLessThan(LENGTH);
    expect(held).toHaveLength(3);
  });
});
