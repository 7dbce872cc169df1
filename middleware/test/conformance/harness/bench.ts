// Runs scenarios one after the other against the traced application and tells how their spans differ from the contract.

import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { differences, withoutLayers } from './compare.ts';
import { listen } from './listen.ts';
import { startReceiver } from './otlp-receiver.ts';
import type { Scenario } from './scenario.ts';
import { sender } from './send.ts';
import type { SpanView } from './span-view.ts';
import { type Mode, startTracedApp } from './traced-app.ts';
import { startUpstream } from './upstream.ts';

export interface Bench {
  /** Resolves to the differences, as sentences. */
  run(scenario: Scenario): Promise<string[]>;
  stop(): Promise<void>;
}

export async function startBench(mode: Mode): Promise<Bench> {
  const [receiver, upstream] = await Promise.all([startReceiver(), startUpstream()]);
  const closedPort = await freePort();
  const app = await startTracedApp({
    entry: require.resolve('../fixture/main.ts'),
    mode,
    endpoint: receiver.endpoint,
    env: {
      UPSTREAM: `http://127.0.0.1:${upstream.port}`,
      UPSTREAM_TLS: `https://127.0.0.1:${upstream.tlsPort}`,
      CLOSED_PORT: String(closedPort),
    },
  });
  const place = {
    port: app.port,
    tlsPort: app.tlsPort,
    upstreamPort: upstream.port,
    upstreamTlsPort: upstream.tlsPort,
    closedPort,
  };

  let leftOpen = 0;
  const run = async (scenario: Scenario): Promise<string[]> => {
    const traceId = randomBytes(16).toString('hex');
    const remoteSpanId = randomBytes(8).toString('hex');
    const headers = { 'user-agent': 'conformance', traceparent: `00-${traceId}-${remoteSpanId}-01` };
    await scenario.traffic({ ...place, traceId, headers, send: sender(app.port, headers) });
    const known = leftOpen;
    const { open, faults } = await app.settle(known);
    leftOpen = open;
    const isLenient = mode === 'stock' && scenario.isStrict !== true;
    const trace = traceOf(receiver.spans, traceId, scenario.byPath);
    const spans = isLenient ? withoutLayers(trace) : trace;
    const received = upstream.received.filter((each) =>
      each.traceparents.some((value) => value.includes(traceId)),
    );
    const handedOn = received.some((each) => each.traceparents.join() === headers.traceparent);
    return [
      ...differences(scenario.spans(place), { spans, received, remoteSpanId, isLenient }),
      ...(scenario.handsOn && !handedOn ? ['the context of the caller is not handed on'] : []),
      ...(open === known ? [] : [`${open - known} spans never ended`]),
      ...(faults === 0 ? [] : [`${faults} faults of tracing itself`]),
    ];
  };
  const stop = async (): Promise<void> => {
    await app.stop();
    await Promise.all([receiver.close(), upstream.close()]);
  };
  return { run, stop };
}

function traceOf(spans: readonly SpanView[], traceId: string, path: string | undefined): SpanView[] {
  const ids = spans.filter((span) => span.attributes['url.path'] === path).map((span) => span.traceId);
  const wanted = path === undefined ? [traceId] : ids;
  return spans.filter((span) => wanted.includes(span.traceId));
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const { port, close } = await listen(createServer());
  await close();
  return port;
}
