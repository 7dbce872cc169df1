// Which trace is the newest request, also where propagation is broken and requests fall into pieces.
import { expect, test } from '@jest/globals';
import { newestTrace } from '../../src/sources/newest-trace.ts';
import type { Trace } from '../../src/trace/span.ts';
import { draw } from '../trace/draw.ts';

/** Traces with one digit as their id: `1`, `2`, … */
function tracesOf(...pictures: string[]): Trace[] {
  return pictures.map((picture, i) => {
    const traceId = String(i + 1);
    return { traceId, spans: draw(picture).spans.map((span) => ({ ...span, traceId })) };
  });
}

test('the piece of another service that lies within a request is not taken for the newest', () => {
  const traces = tracesOf(
    'gateway POST /checkout [server] |==========|',
    'payment POST /charges [server]  |  ======= |',
    'bank POST /book [server]        |    ====  |',
  );
  expect(newestTrace(traces)?.traceId).toBe('1');
  expect(newestTrace(traces.toReversed())?.traceId).toBe('1');
});

test('a piece that ends a moment after the request counts as within it', () => {
  const traces = tracesOf('gateway GET / [server] |==========|', 'payment GET /x [server]|   ========|');
  expect(newestTrace(traces)?.traceId).toBe('1');
});

test('of one service the newest, though an older request was still running', () => {
  const traces = tracesOf(
    'gateway GET /slow [server] |==========|',
    'gateway GET /fast [server] |   ===    |',
  );
  expect(newestTrace(traces)?.traceId).toBe('2');
});

test('a request of another service that outlasts the older one is the newest', () => {
  const traces = tracesOf('gateway GET / [server] |======      |', 'admin GET / [server]   |   =======  |');
  expect(newestTrace(traces)?.traceId).toBe('2');
});

test('a request that has been running for longer than ten seconds is not meant', () => {
  const feed = `feed GET /events [server] |${'='.repeat(1_200)}|`;
  const traces = tracesOf(feed, `gateway GET / [server]    |${' '.repeat(1_001)}==|`);
  expect(newestTrace(traces)?.traceId).toBe('2');
});
