// Background work: a trace of its own for each try, linked to the span that ordered it.

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import {
  annotate,
  carryContext,
  type JobOptions,
  LongpoleError,
  runJob,
  startTracing,
  type TracingHandle,
  withSpan,
} from '../../src/index.ts';

const exporter = new InMemorySpanExporter();
let tracing: TracingHandle;

beforeAll(() => {
  tracing = startTracing({ exporter, log: () => {} });
});

afterAll(() => tracing.shutdown());

afterEach(async () => {
  await tracing.forceFlush();
  exporter.reset();
});

async function finished(name: string): Promise<ReadableSpan[]> {
  await tracing.forceFlush();
  return exporter.getFinishedSpans().filter((span) => span.name === name);
}

/** A stored context: what comes back from a database. */
const order = (): Record<string, string> =>
  withSpan('send receipt', {}, () => JSON.parse(JSON.stringify(carryContext())) as Record<string, string>, {
    kind: 'PRODUCER',
  });
describe('runJob()', () => {
  it('is a CONSUMER span, root of a new trace, linked to the span that ordered it', async () => {
    const from = order();
    const result = await runJob(
      { name: 'process receipt', from, attributes: { 'order.id': 'o-1' } },
      () => 42,
    );
    expect(result).toBe(42);
    const [producer] = await finished('send receipt');
    const [job] = await finished('process receipt');
    expect(job?.kind).toBe(SpanKind.CONSUMER);
    expect(job?.parentSpanContext).toBeUndefined();
    expect(job?.spanContext().traceId).not.toBe(producer?.spanContext().traceId);
    expect(job?.links.map((link) => [link.context.traceId, link.context.spanId])).toEqual([
      [producer?.spanContext().traceId, producer?.spanContext().spanId],
    ]);
    expect(job?.attributes).toEqual({ 'order.id': 'o-1', 'longpole.job.attempt': 1 });
  });

  it('has the id of the job that was carried, so that each end finds the other', async () => {
    const from = withSpan('ordered', {}, () => carryContext({ jobId: 'job-8' }), { kind: 'PRODUCER' });
    await runJob({ name: 'found', from: JSON.parse(JSON.stringify(from)) }, () => {});
    const [producer] = await finished('ordered');
    const [job] = await finished('found');
    expect(job?.attributes).toEqual({ 'messaging.message.id': 'job-8', 'longpole.job.attempt': 1 });
    expect(producer?.attributes['messaging.message.id']).toBe('job-8');
    expect(job?.links[0]?.context.spanId).toBe(producer?.spanContext().spanId);
  });

  it('has the id that it is given where the queue made one later', async () => {
    const from = withSpan('ordered', () => carryContext({ jobId: 'early' }));
    await runJob({ name: 'named', from, id: 'late' }, () => {});
    await runJob({ name: 'named', id: 'late' }, () => {});
    const ids = (await finished('named')).map(({ attributes }) => attributes['messaging.message.id']);
    expect(ids).toEqual(['late', 'late']);
  });

  it('each try of a job is a trace of its own with the same link and its number', async () => {
    const from = order();
    for (const attempt of [1, 2, 3]) await runJob({ name: 'retried', from, attempt }, () => {});
    const jobs = await finished('retried');
    expect(new Set(jobs.map((job) => job.spanContext().traceId)).size).toBe(3);
    expect(new Set(jobs.map((job) => job.links[0]?.context.spanId)).size).toBe(1);
    expect(jobs.map((job) => job.attributes['longpole.job.attempt'])).toEqual([1, 2, 3]);
  });

  it.each(['throws', 'rejects'])('which %s ends in error and throws the same error on', async (how) => {
    const failure = new TypeError('no mail server');
    const job = runJob({ name: 'failing' }, () => {
      if (how === 'throws') throw failure;
      return Promise.reject(failure);
    });
    await expect(job).rejects.toBe(failure);
    const [span] = await finished('failing');
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'no mail server' });
    expect(span?.attributes['error.type']).toBe('TypeError');
    expect(span?.events.map(({ name }) => name)).toEqual(['exception']);
  });

  it('keeps the span active through the work, and ends it when the work has settled', async () => {
    await runJob({ name: 'slow' }, async (span) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(trace.getActiveSpan()).toBe(span);
      withSpan('step', () => {});
    });
    const [job] = await finished('slow');
    const [step] = await finished('step');
    expect(step?.parentSpanContext?.spanId).toBe(job?.spanContext().spanId);
    expect((job?.duration[1] ?? 0) / 1e6).toBeGreaterThan(18);
  });

  it('inside a request belongs to itself: annotate() reaches the job, not the request', async () => {
    const from = order();
    await withSpan('request', async () => {
      await runJob({ name: 'inner', from }, () => annotate({ 'mail.to': 'x' }));
    });
    const [request] = await finished('request');
    const [job] = await finished('inner');
    expect(job?.attributes['mail.to']).toBe('x');
    expect(request?.attributes).toEqual({});
    expect(job?.spanContext().traceId).not.toBe(request?.spanContext().traceId);
  });

  it('has the baggage of the order, and not that of its caller', async () => {
    const bagged = (value: string) =>
      propagation.setBaggage(ROOT_CONTEXT, propagation.createBaggage({ tenant: { value } }));
    const from = context.with(bagged('of the order'), () => withSpan('ordering', () => carryContext()));
    const seen = await context.with(bagged('of the worker'), () =>
      runJob({ name: 'bagged', from }, () => propagation.getActiveBaggage()?.getEntry('tenant')?.value),
    );
    expect(seen).toBe('of the order');
  });

  it.each([
    ['nothing', undefined],
    ['null, as a database has it', null],
    ['an empty object', {}],
    ['a traceparent that nobody understands', { traceparent: 'garbage' }],
  ])('from %s runs without a link', async (_what, from) => {
    expect(await runJob({ name: 'unlinked', from }, () => 'ran')).toBe('ran');
    const [job] = await finished('unlinked');
    expect(job?.links).toEqual([]);
  });
});

describe('wrong options', () => {
  it.each([
    [{}, /runJob\(\) needs the option `name`/],
    [undefined, /takes an options object/],
    [{ name: 'x', form: {} }, /Did you mean `from`\?/],
    [{ name: 'x', attempt: 0 }, /0 for `attempt`: expected a whole number, 1 or more/],
    [{ name: 'x', id: true }, /received true for `id`: expected a non-empty string/],
    [{ name: 'x', attributes: 'a=1' }, /"a=1" for `attributes`: expected an object/],
    [{ name: 'x', from: '{"traceparent":"00"}' }, /hand in JSON\.parse.*ERR_LONGPOLE_CONTEXT_FORMAT/],
    [{ name: 'x', from: { traceparent: 7 } }, /is \{ traceparent \}.*ERR_LONGPOLE_CONTEXT_FORMAT/],
    [{ name: 'x', from: ['a'] }, /ERR_LONGPOLE_CONTEXT_FORMAT/],
  ])('%p reject before the work has run', async (options, message) => {
    let ran = false;
    const job = runJob(options as JobOptions, () => {
      ran = true;
    });
    await expect(job).rejects.toThrow(LongpoleError);
    await expect(job).rejects.toThrow(message);
    expect(ran).toBe(false);
  });
});
