// What other hosts hear of a request: on the wire, by every kind of client, over redirects, and through a proxy.

import http from 'node:http';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { context, propagation, ROOT_CONTEXT, SpanKind, TraceFlags, trace } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import type { PropagateTo, StartOptions, TrustInbound } from '../../src/index.ts';
import { contextDrops } from '../../src/propagation/index.ts';
import { readTraceState } from '../../src/propagation/trace-state.ts';
import { listen } from '../conformance/harness/listen.ts';
import { type TracingHere, traceHere } from '../http/support/trace-here.ts';
import { type HeadRecorder, recordHeads } from './support/head-recorder.ts';
import { FOLLOWING, GETS, type Get, type Headers, leadNamesHere } from './support/public-names.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PUBLIC = 'partner.example';

let here: TracingHere | undefined;
let recorder: HeadRecorder;
const closing: (() => Promise<void>)[] = [];

beforeEach(async () => {
  leadNamesHere();
  recorder = await recordHeads((path) => {
    const to = decodeURIComponent(/^\/to\/(.*)/.exec(path)?.[1] ?? '');
    return to === '' ? 'HTTP/1.1 200 OK' : `HTTP/1.1 302 Found\r\nlocation: ${to}`;
  });
});
afterEach(async () => {
  jest.restoreAllMocks();
  for (const close of closing.splice(0)) await close();
  await recorder.close();
  await here?.stop();
});

function start(options: StartOptions = {}): void {
  here = traceHere(options);
}

/** Runs `work` as a service does in the middle of a request with baggage and tracestate. */
function inRequest<T>(work: () => T): T {
  const spanContext = {
    traceId: TRACE,
    spanId: 'b7ad6b7169203331',
    traceFlags: TraceFlags.SAMPLED,
    isRemote: true,
    traceState: readTraceState('vendor=1', true),
  };
  const baggage = propagation.createBaggage({ 'user.email': { value: 'ada@example.com' } });
  const request = propagation.setBaggage(trace.setSpanContext(ROOT_CONTEXT, spanContext), baggage);
  return context.with(request, work);
}

async function heard(get: Get, host: string, headers?: Headers): Promise<Record<string, string>> {
  await inRequest(() => get(`http://${host}:${recorder.port}/`, headers));
  return recorder.heads.at(-1) ?? {};
}

const ALL = { tracestate: 'vendor=1', baggage: 'user.email=ada%40example.com' };
const onlyContext = ({ traceparent, tracestate, baggage }: Record<string, string>) => ({
  isTraced: traceparent?.slice(3, 35) === TRACE,
  ...(tracestate === undefined ? {} : { tracestate }),
  ...(baggage === undefined ? {} : { baggage }),
});

describe.each(GETS)('by %s', (_name, get) => {
  it('a private address and a name inside hear everything', async () => {
    start();
    for (const host of ['127.0.0.1', 'payment', 'payment.default.svc.cluster.local', 'db.internal']) {
      expect(onlyContext(await heard(get, host))).toEqual({ isTraced: true, ...ALL });
    }
  });

  it('a public host hears the trace id alone', async () => {
    start();
    expect(onlyContext(await heard(get, PUBLIC))).toEqual({ isTraced: true });
  });

  it.each<[PropagateTo, boolean]>([
    [[PUBLIC], true],
    [['PARTNER.example.'], true],
    [['*.example'], true],
    [[/^partner\./gy], true],
    [{ hosts: ['*'] }, true],
    [['other.example'], false],
    [['*.partner.example'], false],
  ])('%j decides for a public host', async (propagateTo, isAllowed) => {
    start({ propagateTo });
    const expected = isAllowed ? { isTraced: true, ...ALL } : { isTraced: true };
    // Twice, for patterns that remember where they were.
    expect(onlyContext(await heard(get, PUBLIC))).toEqual(expected);
    expect(onlyContext(await heard(get, PUBLIC))).toEqual(expected);
  });

  it('nothing at all goes to a public host where the trace id is held back', async () => {
    start({ propagateTo: { traceparent: 'allowed-hosts' } });
    const byHand = { traceparent: `00-${TRACE}-b7ad6b7169203331-01`, b3: '1', 'uberctx-a': '1' };
    const head = await heard(get, PUBLIC, { ...byHand, ...ALL, 'x-other': 'kept' });
    expect(Object.keys(head).filter((name) => /trace|baggage|b3|uber/.test(name))).toEqual([]);
    expect(head['x-other']).toBe('kept');
    expect(onlyContext(await heard(get, '127.0.0.1'))).toEqual({ isTraced: true, ...ALL });
  });

  it('what a proxy has copied from the incoming request does not leak, and is counted', async () => {
    start();
    const before = contextDrops().outgoing_removed ?? 0;
    const copied = { Baggage: 'secret=1', TraceState: 'inbound=1', 'uberctx-secret': '1', 'x-other': 'kept' };
    const head = await heard(get, PUBLIC, copied);
    expect(onlyContext(head)).toEqual({ isTraced: true });
    expect([head['uberctx-secret'], head['x-other']]).toEqual([undefined, 'kept']);
    expect((contextDrops().outgoing_removed ?? 0) - before).toBe(3);
  });

  it('a tracestate that belongs to another traceparent goes to nobody', async () => {
    start();
    await get(`http://127.0.0.1:${recorder.port}/`, { TraceState: 'stale=1', 'x-other': 'kept' });
    const { traceparent, tracestate, ...head } = recorder.heads[0] ?? {};
    expect([traceparent?.length, tracestate, head['x-other']]).toEqual([55, undefined, 'kept']);
  });

  it('Jaeger’s baggage is held back like any other', async () => {
    process.env['OTEL_PROPAGATORS'] = 'tracecontext,jaeger';
    start();
    delete process.env['OTEL_PROPAGATORS'];
    const inside = await heard(get, 'payment');
    expect(inside['uberctx-user.email']).toBe('ada%40example.com');
    const outside = await heard(get, PUBLIC);
    expect(outside['uber-trace-id']).toContain(TRACE);
    expect(outside['uberctx-user.email']).toBeUndefined();
  });
});

describe.each(FOLLOWING)('a redirect followed by %s', (_name, get) => {
  it('from a private to a public host loses what the public one may not hear', async () => {
    start();
    const away = encodeURIComponent(`http://${PUBLIC}:${recorder.port}/`);
    await inRequest(() => get(`http://127.0.0.1:${recorder.port}/to/${away}`));
    expect(recorder.heads.map(onlyContext)).toEqual([{ isTraced: true, ...ALL }, { isTraced: true }]);
    expect(new Set(recorder.heads.map(({ traceparent }) => traceparent)).size).toBe(2);
  });

  it('from a public to a private host gains it', async () => {
    start();
    const inside = encodeURIComponent(`http://127.0.0.1:${recorder.port}/`);
    await inRequest(() => get(`http://${PUBLIC}:${recorder.port}/to/${inside}`));
    expect(recorder.heads.map(onlyContext)).toEqual([{ isTraced: true }, { isTraced: true, ...ALL }]);
  });
});

describe('beside somebody else’s instrumentation', () => {
  it('that listens to undici too, a public host hears the trace id alone', async () => {
    const other = new UndiciInstrumentation();
    closing.push(async () => other.disable());
    start({ instrumentations: [other] });
    const [, byFetch] = FOLLOWING.find(([name]) => name === 'fetch') ?? [];
    if (byFetch === undefined) throw new Error('there is no fetch');
    expect(onlyContext(await heard(byFetch, '127.0.0.1'))).toEqual({ isTraced: true, ...ALL });
    expect(onlyContext(await heard(byFetch, PUBLIC))).toEqual({ isTraced: true });
    expect((await here?.spans())?.map(({ instrumentationScope }) => instrumentationScope.name)).toEqual([
      other.instrumentationName,
      other.instrumentationName,
    ]);
  });

  it('that patches node:http, a public host hears the trace id alone', async () => {
    start();
    // What shimmer leaves on a function that it has wrapped.
    Object.defineProperty(http.request, '__wrapped', { value: true, configurable: true });
    closing.push(async () => {
      Reflect.deleteProperty(http.request, '__wrapped');
    });
    const [[, byNode] = []] = GETS;
    const span = inRequest(() => trace.getTracer('other').startSpan('GET', { kind: SpanKind.CLIENT }));
    const written = { traceparent: `00-${TRACE}-${span.spanContext().spanId}-01`, ...ALL };
    for (const host of ['127.0.0.1', PUBLIC]) {
      await context.with(trace.setSpan(ROOT_CONTEXT, span), () =>
        byNode?.(`http://${host}:${recorder.port}/`, written),
      );
    }
    span.end();
    expect(recorder.heads.map(onlyContext)).toEqual([{ isTraced: true, ...ALL }, { isTraced: true }]);
    expect(await here?.spans()).toHaveLength(1);
  });
});

describe('a proxy that copies the headers of a caller', () => {
  const SENT = {
    traceparent: `00-${TRACE}-b7ad6b7169203331-01`,
    tracestate: 'evil=1',
    baggage: 'admin=true',
  };

  async function proxied(trustInbound: TrustInbound, path = '/'): Promise<Record<string, string>> {
    start({ trustInbound });
    const proxy = http.createServer(async ({ headers: { host, connection, ...headers } }, response) => {
      await fetch(`http://127.0.0.1:${recorder.port}/`, { headers: { ...headers } as Headers });
      response.end(`${host}${connection}`);
    });
    const { port, close } = await listen(proxy);
    closing.push(close);
    await context.with(suppressTracing(ROOT_CONTEXT), () =>
      fetch(`http://127.0.0.1:${port}${path}`, { headers: { ...SENT, 'x-other': 'kept' } }),
    );
    return recorder.heads[0] ?? {};
  }

  it('passes on those of a trusted one', async () => {
    const head = await proxied('always');
    expect(onlyContext(head)).toEqual({ isTraced: true, tracestate: 'evil=1', baggage: 'admin=true' });
  });

  it.each(['/', '/healthz'])('passes on none of an untrusted one, asked for %s', async (path) => {
    const head = await proxied('never', path);
    expect(onlyContext(head)).toEqual({ isTraced: false });
    expect(head['x-other']).toBe('kept');
  });
});
