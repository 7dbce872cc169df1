// A thousand requests at once, and no span in another request's trace.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withoutLayers } from '../conformance/harness/compare.ts';
import { type OtlpReceiver, startReceiver } from '../conformance/harness/otlp-receiver.ts';
import type { SpanView } from '../conformance/harness/span-view.ts';
import { type Mode, startTracedApp, type TracedApp } from '../conformance/harness/traced-app.ts';
import { LEAVES } from './leaves.ts';
import { plan, type Sent, sendAll } from './traffic.ts';

const modes: readonly Mode[] = ['listen', 'stock'];

describe.each(modes)('1 000 concurrent requests, spans made with %s', (mode) => {
  const sent = plan(1000);
  let receiver: OtlpReceiver;
  let app: TracedApp;
  let spans: readonly SpanView[];

  beforeAll(async () => {
    receiver = await startReceiver();
    const entry = require.resolve('./fixture/main.ts');
    app = await startTracedApp({ entry, mode, endpoint: receiver.endpoint });
    await sendAll(app.port, sent);
    expect(await app.settle()).toEqual({ open: 0, faults: 0 });
    spans = withoutLayers(receiver.spans);
  }, 60_000);

  afterAll(async () => {
    await app?.stop();
    await receiver?.close();
  });

  it('puts no span into a trace that is not one of theirs', () => {
    const known = new Set(sent.map(({ traceId }) => traceId));
    expect(spans.filter((span) => !known.has(span.traceId)).map((span) => span.name)).toEqual([]);
  });

  it('records every span with its own request as parent, none missing and none twice', () => {
    const byTrace = Map.groupBy(spans, (span) => span.traceId);
    const wrong = sent.flatMap((each) => mistakes(each, byTrace.get(each.traceId) ?? []));
    expect(wrong).toEqual([]);
  });

  it('records errors on the request that they belong to', () => {
    const failed = spans.filter((span) => span.kind === 'SERVER' && span.status === 'ERROR');
    const expected = sent.filter(({ kind }) => kind === 'error' || (kind === 'left' && mode === 'listen'));
    expect(failed.map((span) => span.traceId).sort()).toEqual(expected.map(({ traceId }) => traceId).sort());
  });
});

function mistakes(sent: Sent, spans: readonly SpanView[]): string[] {
  const { marks, calls } = LEAVES[sent.kind] ?? { marks: 0, calls: 0 };
  const root = spans.find((span) => span.parentSpanId === sent.spanId);
  if (root?.kind !== 'SERVER' || root.attributes['url.path'] !== sent.path)
    return [`${sent.path}: no SERVER span`];
  const childrenOf = (parent: SpanView, kind: string): SpanView[] =>
    spans.filter((span) => span.parentSpanId === parent.spanId && span.kind === kind);
  const clients = childrenOf(root, 'CLIENT');
  const backs = clients.flatMap((span) => childrenOf(span, 'SERVER'));
  const backMarks = backs.flatMap((span) => childrenOf(span, 'INTERNAL'));
  const counts = [childrenOf(root, 'INTERNAL'), clients, backs, backMarks, spans].map((each) => each.length);
  const wanted = [marks, calls, calls, calls, 1 + marks + 3 * calls];
  return counts.join() === wanted.join() ? [] : [`${sent.path}: ${counts} instead of ${wanted}`];
}
