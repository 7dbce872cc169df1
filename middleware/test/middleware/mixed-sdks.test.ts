// Our instrumentations beside the stock ones in one SDK, in real processes: one SERVER span a request, whoever makes it.

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withoutLayers } from '../conformance/harness/compare.ts';
import { type OtlpReceiver, startReceiver } from '../conformance/harness/otlp-receiver.ts';
import { sender } from '../conformance/harness/send.ts';
import type { SpanView } from '../conformance/harness/span-view.ts';
import { startTracedApp, type TracedApp } from '../conformance/harness/traced-app.ts';
import type { Case } from './mixed/cases.ts';

const OURS = '@longpole/express';
const STOCK = '@opentelemetry/instrumentation-http';
const UNDICI = '@opentelemetry/instrumentation-undici';

interface Expected {
  readonly of: Case;
  readonly server: string;
  readonly http: string;
  /** `undefined` where nobody listens to fetch. */
  readonly fetch: string | undefined;
  /** fetch with the `traceparent` of the incoming request copied. */
  readonly copied: string | undefined;
  /** By a reference to `http.get` that is older than the patch. */
  readonly early: string | undefined;
}

const cases: readonly Expected[] = [
  {
    of: 'stock http, our Express',
    server: STOCK,
    http: STOCK,
    fetch: undefined,
    copied: undefined,
    early: undefined,
  },
  { of: 'stock first', server: STOCK, http: STOCK, fetch: OURS, copied: OURS, early: OURS },
  { of: 'ours first', server: STOCK, http: STOCK, fetch: OURS, copied: OURS, early: OURS },
  {
    of: 'all stock, tracing() joins',
    server: STOCK,
    http: STOCK,
    fetch: UNDICI,
    copied: UNDICI,
    early: OURS,
  },
  { of: 'stock outgoing only', server: OURS, http: STOCK, fetch: OURS, copied: OURS, early: OURS },
];

describe.each(cases)('$of', (expected) => {
  let receiver: OtlpReceiver;
  let app: TracedApp;

  beforeAll(async () => {
    receiver = await startReceiver();
    app = await startTracedApp({
      entry: require.resolve('./mixed/app/main.ts'),
      preload: require.resolve('./mixed/sdk/main.ts'),
      endpoint: receiver.endpoint,
      env: { CASE: expected.of },
    });
  }, 20_000);

  afterAll(async () => {
    await app?.stop();
    await receiver?.close();
  });

  async function spansOf(path: string): Promise<SpanView[]> {
    const traceId = randomBytes(16).toString('hex');
    const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
    await sender(app.port, { traceparent })(path);
    expect(await app.settle()).toEqual({ open: 0, faults: 0 });
    return withoutLayers(receiver.spans.filter((span) => span.traceId === traceId));
  }

  it.each(['http', 'fetch', 'copied', 'early'] as const)('a call by %s', async (how) => {
    const spans = await spansOf(`/calls/${how}`);
    const calls = spans.filter((span) => span.kind === 'CLIENT');
    expect(calls.map((span) => span.scope)).toEqual([expected[how]].filter((scope) => scope !== undefined));
    const servers = spans.filter((span) => span.kind === 'SERVER');
    const wanted = [`${expected.server} GET /calls/:how`];
    // Without a CLIENT span nothing but a copy hands the trace on.
    if (calls.length > 0 || how === 'copied') wanted.push(`${expected.server} GET /inner/:how`);
    expect(servers.map((span) => `${span.scope} ${span.name}`).sort()).toEqual(wanted);
  });

  it('an error is on the SERVER span with its route', async () => {
    const spans = await spansOf('/fails/7');
    expect(spans.map((span) => [span.kind, span.name, span.status])).toEqual([
      ['SERVER', 'GET /fails/:id', 'ERROR'],
    ]);
    expect(spans[0]?.events.map((event) => event.attributes['exception.type'])).toEqual(['RangeError']);
  });
});
