// Jobs handed to worker threads by carryContext(): each is a trace linked to the request it comes from, and to no other.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type OtlpReceiver, startReceiver } from '../conformance/harness/otlp-receiver.ts';
import type { SpanView } from '../conformance/harness/span-view.ts';
import { startTracedApp, type TracedApp } from '../conformance/harness/traced-app.ts';

const IDS = Array.from({ length: 200 }, (_, index) => String(index));
let receiver: OtlpReceiver;
let app: TracedApp;

beforeAll(async () => {
  receiver = await startReceiver();
  const entry = require.resolve('./fixture/with-workers.ts');
  app = await startTracedApp({ entry, endpoint: receiver.endpoint });
  const answers = IDS.map((id) => fetch(`http://127.0.0.1:${app.port}/orders/${id}`));
  for (const answer of await Promise.all(answers)) await answer.text();
  expect(await app.settle()).toEqual({ open: 0, faults: 0 });
}, 60_000);

afterAll(async () => {
  await app?.stop();
  await receiver?.close();
});

const withId = (kind: string, id: string): SpanView[] =>
  receiver.spans.filter((span) => span.kind === kind && span.attributes['messaging.message.id'] === id);

it('runs every job once, linked to the span that handed it over', () => {
  for (const id of IDS) {
    const [producer, ...others] = withId('PRODUCER', id);
    expect(others).toEqual([]);
    const { traceId, spanId } = producer as SpanView;
    expect(withId('CONSUMER', id).map(({ links }) => links)).toEqual([[{ traceId, spanId }]]);
  }
});

it('keeps what happens in the worker in the trace of its job', () => {
  const jobs = new Map(
    IDS.flatMap((id) => withId('CONSUMER', id)).map((span) => [span.spanId, span.traceId]),
  );
  const steps = receiver.spans.filter(({ name }) => name === 'step');
  expect(new Set(steps.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set(jobs.keys()));
  expect(steps.filter(({ parentSpanId, traceId }) => jobs.get(parentSpanId ?? '') !== traceId)).toEqual([]);
  expect(steps).toHaveLength(IDS.length);
});

it('leaves the request and what handed the job over in a trace of their own', () => {
  for (const id of IDS) {
    const traceId = withId('PRODUCER', id)[0]?.traceId;
    const kinds = receiver.spans.filter((span) => span.traceId === traceId).map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(['PRODUCER', 'SERVER']);
  }
});
