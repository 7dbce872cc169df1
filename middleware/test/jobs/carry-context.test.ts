// What is stored with a job: the active context, and the job's id.

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { context, propagation } from '@opentelemetry/api';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { carryContext, runJob, startTracing, type TracingHandle, withSpan } from '../../src/index.ts';

const exporter = new InMemorySpanExporter();
let tracing: TracingHandle;
const lines: string[] = [];

beforeAll(() => {
  tracing = startTracing({ exporter, log: (line) => void lines.push(line) });
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

function fails(): never {
  throw new Error('not for you');
}

describe('carryContext()', () => {
  it('is a small object of strings with the active span', () => {
    withSpan('x', (span) => {
      const { traceId, spanId } = span.spanContext();
      const traceparent = expect.stringMatching(new RegExp(`^00-${traceId}-${spanId}-0[13]$`));
      expect(carryContext()).toEqual({ traceparent });
    });
  });

  it('is empty outside of a trace', () => {
    expect(carryContext()).toEqual({});
  });

  it('puts the id of the job on the span that orders it, and carries it along', async () => {
    const carried = withSpan('ordering by id', {}, () => carryContext({ jobId: 'job-7' }), {
      kind: 'PRODUCER',
    });
    expect(carried).toEqual({ traceparent: expect.any(String), 'longpole-job-id': 'job-7' });
    const [producer] = await finished('ordering by id');
    expect(producer?.attributes).toEqual({ 'messaging.message.id': 'job-7' });
  });

  it('carries the id of the job outside of a trace too', () => {
    expect(carryContext({ jobId: 'job-7' })).toEqual({ 'longpole-job-id': 'job-7' });
  });

  it.each([
    [7, '7'],
    [0, '0'],
    [9_007_199_254_740_993n, '9007199254740993'],
  ])('carries the id %p as a string', async (jobId, text) => {
    const carried = withSpan('ordering by number', {}, () => carryContext({ jobId }));
    expect(carried).toEqual({ traceparent: expect.any(String), 'longpole-job-id': text });
    const [span] = await finished('ordering by number');
    expect(span?.attributes).toEqual({ 'messaging.message.id': text });
    await runJob({ name: 'by number', from: carried }, () => {});
    await runJob({ name: 'by number', id: jobId }, () => {});
    const ids = (await finished('by number')).map(({ attributes }) => attributes['messaging.message.id']);
    expect(ids).toEqual([text, text]);
  });

  it.each([
    [{ jobID: 'x' }, 'carryContext() received an unknown option `jobID`. Did you mean `jobId`?'],
    [{ jobId: '' }, 'carryContext() received "" for `jobId`: expected a non-empty string, a finite number'],
    [{ jobId: null }, 'carryContext() received null for `jobId`: expected'],
    [{ jobId: Number.NaN }, 'carryContext() received NaN for `jobId`: expected'],
    [{ jobId: Symbol('7') }, 'carryContext() received Symbol(7) for `jobId`: expected'],
    [{ jobId: { toString: () => 'x' } }, 'carryContext() received { toString } for `jobId`: expected'],
  ])('carries the context without the id for %p, counts it and says so once', (options, why) => {
    const before = tracing.stats().faults;
    withSpan('ordering', (span) => {
      const carried = { traceparent: expect.stringContaining(span.spanContext().spanId) };
      expect(carryContext(options as object)).toEqual(carried);
      expect(carryContext(options as object)).toEqual(carried);
    });
    expect(tracing.stats().faults - before).toBe(2);
    const said = lines.filter((line) => line.includes(why));
    expect(said).toEqual([expect.stringMatching(/^longpole: the context is carried without the job's id: /)]);
  });

  it('carries the context without options that cannot be read', () => {
    const before = tracing.stats().faults;
    const unreadable = new Proxy({}, { ownKeys: fails });
    expect(carryContext(unreadable)).toEqual({});
    expect(tracing.stats().faults - before).toBe(1);
    expect(lines.filter((line) => line.endsWith('its options cannot be read'))).toHaveLength(1);
  });

  it('is a callback of whatever calls it', async () => {
    const carried = { traceparent: expect.any(String) };
    await withSpan('ordering many', async () => {
      expect(['a', 7, null, undefined, true, ['b'], () => 'c'].map(carryContext as () => unknown)).toEqual(
        Array.from({ length: 7 }, () => carried),
      );
      expect(await Promise.resolve('saved').then(carryContext as () => unknown)).toEqual(carried);
    });
  });

  it('carries baggage along', () => {
    const baggage = propagation.createBaggage({ tenant: { value: 'a b' } });
    withSpan('x', () =>
      context.with(propagation.setBaggage(context.active(), baggage), () => {
        expect(carryContext()).toMatchObject({ baggage: 'tenant=a%20b' });
      }),
    );
  });
});
