// Long texts on spans are cut to 4 KiB with a mark, wherever they come from; the environment's limit wins.

import { afterEach, describe, expect, it } from '@jest/globals';
import { type Attributes, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import express, { type ErrorRequestHandler } from 'express';
import fc from 'fast-check';
import { annotate, tracing, withSpan } from '../../src/index.ts';
import { cut } from '../../src/recording/text-limit.ts';
import { benchOf } from '../attributes/serve.ts';
import { type TracingHere, traceHere } from '../http/support/trace-here.ts';
import { spanNamed, spansOf } from '../layers/span-tree.ts';

const LONG = 'x'.repeat(10_240);
const MARK = '…[cut, 10240 characters]';
const CUT = 'x'.repeat(4096 - MARK.length) + MARK;

let here: TracingHere | undefined;
afterEach(async () => {
  await here?.stop();
  here = undefined;
});

async function spanWith(attributes: Attributes): Promise<ReadableSpan> {
  here ??= traceHere();
  withSpan('work', attributes, () => undefined);
  return spanNamed(await here.spans(), 'work');
}

describe('a long text', () => {
  it('in an attribute or an array is cut, and marked with the length it had', async () => {
    const { attributes } = await spanWith({
      long: LONG,
      short: 'y'.repeat(4096),
      list: ['a', LONG, 'b'],
      n: 1,
    });
    expect(attributes).toEqual({ long: CUT, short: 'y'.repeat(4096), list: ['a', CUT, 'b'], n: 1 });
    expect(CUT).toHaveLength(4096);
  });

  it('does not change what the application holds', async () => {
    const list = ['a', LONG];
    await spanWith({ list });
    expect(list).toEqual(['a', LONG]);
  });

  it('in an exception’s message, stack trace and status is cut on SERVER spans and those of withSpan()', async () => {
    here = traceHere();
    const app = express().use(tracing({ attributes: { 'body.text': () => LONG } }));
    app.get('/', () => {
      annotate({ 'more.text': LONG });
      return withSpan('work', () => {
        throw new Error(LONG);
      });
    });
    app.use(((_error, _request, response, _next) => void response.status(500).end()) as ErrorRequestHandler);
    const spans = await spansOf(here, app, `/?q=${'x'.repeat(8000)}`);
    for (const span of [spanNamed(spans, 'GET /'), spanNamed(spans, 'work')]) {
      expect(span.events).toHaveLength(1);
      expect(span.events[0]?.attributes?.['exception.message']).toBe(CUT);
      expect(span.events[0]?.attributes?.['exception.stacktrace']).toMatch(/…\[cut, \d{5} characters\]$/);
      expect(span.status.message).toBe(CUT);
    }
    const { attributes } = spanNamed(spans, 'GET /');
    expect(attributes).toMatchObject({ 'body.text': CUT, 'more.text': CUT });
    expect(attributes['url.query']).toMatch(/^q=x+…\[cut, 8002 characters\]$/);
  });

  it('in the attributes of events and links, and as a name, is cut too', async () => {
    here = traceHere();
    const span = trace.getTracer('test').startSpan(LONG);
    span.addEvent('event', { long: LONG });
    span.addLink({ context: span.spanContext(), attributes: { long: LONG } });
    span.end();
    const [ended] = await here.spans();
    expect(ended?.name).toBe(CUT);
    expect(ended?.events[0]?.attributes).toEqual({ long: CUT });
    expect(ended?.links[0]?.attributes).toEqual({ long: CUT });
  });

  it.each([
    ['OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT', '100', 100],
    ['OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT', '9000', 9000],
  ])('is cut by the SDK where %s=%s says so', async (name, value, length) => {
    process.env[name] = value;
    try {
      expect((await spanWith({ long: LONG })).attributes).toEqual({ long: 'x'.repeat(length) });
    } finally {
      delete process.env[name];
    }
  });

  it('is cut as ever where that variable makes no sense', async () => {
    process.env['OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT'] = '-1';
    try {
      expect((await spanWith({ long: LONG })).attributes).toEqual({ long: CUT });
    } finally {
      delete process.env['OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT'];
    }
  });

  it('of headers is cut', async () => {
    const bench = benchOf({ captureHeaders: { request: ['x-long'] } });
    here = bench;
    const app = express().get('/', (_request, response) => void response.send('ok'));
    const attributes = await bench.attributesOf(app, '/', { headers: { 'x-long': LONG } });
    expect(attributes['http.request.header.x-long']).toEqual([CUT]);
  });
});

describe('cut()', () => {
  const letters = fc.constantFrom('a', 'ß', '…', '😀', '𝒳', '\n');
  const texts = fc.array(letters, { minLength: 200, maxLength: 220 }).map((all) => all.join(''));

  it('keeps within the limit, tells the length, keeps the beginning, and halves no character', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 40, max: 150 }), (text, limit) => {
        const short = cut(text, limit);
        const mark = `…[cut, ${text.length} characters]`;
        expect(short.length).toBeLessThanOrEqual(limit);
        expect(short.length).toBeGreaterThanOrEqual(limit - 1);
        expect(short.endsWith(mark)).toBe(true);
        expect(text.startsWith(short.slice(0, -mark.length))).toBe(true);
        expect(short.isWellFormed()).toBe(true);
      }),
    );
  });
});
