// Random traces: nested, side by side, overlapping, overflowing, skewed, orphaned, in circles, asynchronous.
import fc from 'fast-check';
import type { Span, SpanKind, Trace } from '../../src/trace/span.ts';
import { makeSpan, TRACE_ID } from '../trace/draw.ts';

const KINDS: SpanKind[] = ['INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER', 'UNSPECIFIED'];

/** Random spans on random parents, with nothing in order. */
export const anySpans: fc.Arbitrary<Span[]> = fc
  .array(
    fc.record({
      parent: fc.oneof(
        { weight: 8, arbitrary: fc.nat(40) },
        { weight: 1, arbitrary: fc.constantFrom(-1, -2) },
      ),
      startMs: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.double({ min: 0, max: 100, noNaN: true })),
      lengthMs: fc.oneof(
        fc.constant(0),
        fc.integer({ min: -3, max: 60 }),
        fc.double({ min: 0, max: 2, noNaN: true }),
      ),
      skewMs: fc.oneof(
        { weight: 5, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.integer({ min: -500, max: 500 }) },
      ),
      service: fc.constantFrom('one', 'two', 'three'),
      kind: fc.constantFrom(...KINDS),
      failed: fc.boolean(),
      isLate: fc.oneof(
        { weight: 9, arbitrary: fc.constant(false) },
        { weight: 1, arbitrary: fc.constant(true) },
      ),
    }),
    { maxLength: 40 },
  )
  .map((parts) => {
    return parts.map(({ parent, startMs, lengthMs, skewMs, service, kind, failed, isLate }, i): Span => {
      const parentId = parent === -1 ? '' : parent === -2 ? 'gone' : `n${parent % parts.length}`;
      const start = 1000 + startMs + skewMs;
      return makeSpan({
        id: `n${i}`,
        parent: i === 0 ? '' : parentId,
        startMs: start,
        endMs: start + lengthMs,
        service,
        kind,
        attributes: isLate ? { 'longpole.after_response': true } : {},
        status: { code: failed ? 'ERROR' : 'UNSET', message: '' },
      });
    });
  });

export function toTrace(spans: Span[]): Trace {
  return { traceId: TRACE_ID, spans };
}

/** Spans of one service on whole columns of 10 ms below one root, each within its parent: a trace without faults. */
export const tidySpans: fc.Arbitrary<Span[]> = fc
  .array(
    fc.record({
      parent: fc.nat(1000),
      start: fc.integer({ min: 0, max: 30 }),
      length: fc.integer({ min: 1, max: 30 }),
      name: fc.constantFrom('load', 'check', 'charge', 'send'),
    }),
    { maxLength: 12 },
  )
  .map((parts) => {
    const spans = [makeSpan({ id: 'n0', name: 'root', startMs: 0, endMs: 300 })];
    const columns: [from: number, to: number][] = [[0, 30]];
    for (const { parent, start, length, name } of parts) {
      const place = parent % spans.length;
      const [from, to] = columns[place] as [number, number];
      const begin = from + (start % (to - from));
      const end = Math.min(to, begin + length);
      columns.push([begin, end]);
      const times = { startMs: begin * 10, endMs: end * 10 };
      spans.push(makeSpan({ id: `n${spans.length}`, parent: `n${place}`, name, ...times }));
    }
    return spans;
  });
