// withSpan(), annotate() and currentTrace(), inside and outside of requests.

import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  context,
  INVALID_SPAN_CONTEXT,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import express from 'express';
import { annotate, currentTrace, withSpan } from '../../src/index.ts';
import { serverSpan } from '../express/support/expresses.ts';
import { type TracingHere, traceHere } from '../http/support/trace-here.ts';

let here: TracingHere;
beforeAll(() => {
  here = traceHere();
});
afterEach(() => here.spans());
afterAll(() => here.stop());

async function only(): Promise<ReadableSpan> {
  const [span, ...others] = await here.spans();
  if (span === undefined || others.length > 0) throw new Error(`${others.length} other spans`);
  return span;
}

describe('withSpan()', () => {
  it('runs the work in the span and returns what it returns', async () => {
    const inside = withSpan('work', { 'a.b': 1 }, (span) => [
      span.spanContext().spanId,
      currentTrace()?.spanId,
    ]);
    const span = await only();
    expect(inside).toEqual([span.spanContext().spanId, span.spanContext().spanId]);
    expect([span.name, span.kind, span.attributes, span.status.code]).toEqual([
      'work',
      SpanKind.INTERNAL,
      { 'a.b': 1 },
      SpanStatusCode.UNSET,
    ]);
  });

  it('lasts as long as the promise of the work', async () => {
    let isDone = false;
    await withSpan('work', async () => {
      await new Promise((resolve) => setImmediate(resolve));
      isDone = true;
      expect(here.tracing.stats().started - here.tracing.stats().ended).toBe(1);
    });
    expect(isDone).toBe(true);
    expect(here.tracing.stats().started - here.tracing.stats().ended).toBe(0);
  });

  it('takes another kind', async () => {
    withSpan('send', {}, () => undefined, { kind: 'PRODUCER' });
    expect((await only()).kind).toBe(SpanKind.PRODUCER);
  });

  it.each<[string, () => unknown]>([
    ['thrown', () => withSpan('work', thrower(new RangeError('too far')))],
    ['rejected', () => withSpan('work', async () => thrower(new RangeError('too far'))())],
  ])('records an error that is %s and lets it through untouched', async (_how, run) => {
    await expect(async () => run()).rejects.toThrow(new RangeError('too far'));
    const span = await only();
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: 'too far' });
    expect(span.attributes['error.type']).toBe('RangeError');
    expect(span.events.map((event) => event.attributes?.['exception.type'])).toEqual(['RangeError']);
  });

  it.each([['text'], [null], [undefined], [0]])('lets even %p through', async (thrown) => {
    const caught: unknown[] = [];
    try {
      withSpan('work', thrower(thrown));
    } catch (error) {
      caught.push(error);
    }
    expect(caught).toEqual([thrown]);
    expect((await only()).status.code).toBe(SpanStatusCode.ERROR);
  });

  it('runs the work all the same when the span cannot be started or ended', async () => {
    const before = here.tracing.stats().faults;
    const broken = thrower(new Error('a broken sampler'));
    const getTracer = jest.spyOn(trace, 'getTracer').mockReturnValue({ startSpan: broken } as never);
    expect(withSpan('work', (span) => span.isRecording())).toBe(false);
    const unending = Object.assign(trace.wrapSpanContext(INVALID_SPAN_CONTEXT), { end: broken });
    getTracer.mockReturnValue({ startSpan: () => unending } as never);
    expect(withSpan('work', () => 'done')).toBe('done');
    await expect(withSpan('work', async () => 'done')).resolves.toBe('done');
    expect(() => withSpan('work', thrower(new RangeError('mine')))).toThrow(new RangeError('mine'));
    getTracer.mockRestore();
    expect(here.tracing.stats().faults - before).toBe(4);
  });

  it('nests', async () => {
    await withSpan('outer', () => withSpan('inner', async () => withSpan('innermost', () => undefined)));
    const [innermost, inner, outer] = await here.spans();
    expect(innermost?.parentSpanContext?.spanId).toBe(inner?.spanContext().spanId);
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
    expect(outer?.parentSpanContext).toBeUndefined();
  });

  it('says what is missing', () => {
    expect(() => (withSpan as (name: string) => void)('work')).toThrow(
      "withSpan('work', …) needs a function to run",
    );
  });
});

describe('annotate()', () => {
  it('puts attributes on the SERVER span of the request, from however deep inside', async () => {
    const app = express();
    app.get('/', async (_request, response) => {
      await withSpan('outer', async () => withSpan('inner', () => annotate({ 'order.id': '7' })));
      response.send('ok');
    });
    expect((await serverSpan(here, app, '/')).attributes['order.id']).toBe('7');
  });

  it('puts them on the active span outside of a request', async () => {
    withSpan('job', () => annotate({ 'job.id': '7' }));
    expect((await only()).attributes['job.id']).toBe('7');
  });

  it('does nothing where there is no span, and never throws', () => {
    const broken = { setAttributes: thrower(new Error('broken')) };
    annotate({ a: 1 });
    context.with(trace.setSpan(ROOT_CONTEXT, broken as never), () => annotate({ a: 1 }));
  });
});

describe('currentTrace()', () => {
  it('is undefined outside of a trace', () => {
    expect(currentTrace()).toBeUndefined();
  });

  it('tells the ids of the innermost span', () => {
    const inside = withSpan('work', (span) => [currentTrace(), span.spanContext()] as const);
    const [told, { traceId, spanId }] = inside;
    expect(told).toEqual({ traceId, spanId, traceFlags: told?.traceFlags, sampled: true });
    expect((told?.traceFlags ?? 0) & 1).toBe(1);
  });
});

function thrower(error: unknown): () => never {
  return () => {
    throw error;
  };
}
