// Zipkin's v2 JSON: an answer of a real Zipkin 3.5 to which OpenTelemetry's exporter sent the demo's checkout, and spans by hand.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { analyzeTrace } from '../../src/analysis/analyze-trace.ts';
import type { Span } from '../../src/trace/span.ts';
import { buildTree } from '../../src/trace/tree.ts';
import { spansFromZipkinJson } from '../../src/wire/zipkin-json.ts';

const recorded = JSON.parse(
  readFileSync(join(__dirname, '../golden/checkout.zipkin.json'), 'utf8'),
) as unknown[];

const ids = { traceId: '463ac35c9f6413ad', id: 'a2fb4a1d1a96d312' };

function readOne(part: object): Span {
  const { spans } = spansFromZipkinJson([{ ...ids, timestamp: 1_700_000_000_000_001, duration: 5, ...part }]);
  return spans[0] as Span;
}

describe('the recorded checkout', () => {
  const { spans, invalid } = spansFromZipkinJson(recorded);
  const find = (name: string): Span => spans.find((span) => span.name === name) as Span;

  test('is the whole trace with its kinds and the case of its names', () => {
    const { nodes } = buildTree({ traceId: spans[0]?.traceId ?? '', spans });
    expect(invalid).toBe(0);
    expect(
      nodes.map(({ span, depth }) => `${'  '.repeat(depth)}${span.service} ${span.kind} ${span.name}`),
    ).toEqual([
      'gateway SERVER POST /api/checkout',
      '  gateway INTERNAL validate_cart',
      '  gateway CLIENT POST',
      '    auth SERVER POST /sessions/verify',
      '  gateway CLIENT POST',
      '    inventory SERVER POST /reservations',
      '      inventory CLIENT reserve stock',
      '  gateway INTERNAL process_payment',
      '    gateway CLIENT POST',
      '      payment SERVER POST /charges',
      '        payment INTERNAL authorize with acquirer',
      '  gateway CLIENT POST',
      '    notify SERVER POST /notifications',
      '      notify PRODUCER send receipt',
    ]);
  });

  test('has the verdict of the demo', () => {
    const { sentence } = analyzeTrace({ traceId: spans[0]?.traceId ?? '', spans });
    expect(sentence).toMatch(
      /^payment · authorize with acquirer holds up POST \/api\/checkout: 2 5\d\d ms of /,
    );
  });

  test('has its times, numbers, resource, status and events', () => {
    const root = find('POST /api/checkout');
    expect(root.startNs).toBe(1_795_351_975_000_000_000n);
    expect(root.attributes).toMatchObject({
      'http.response.status_code': 201n,
      'server.port': 28_080n,
      'cart.total': '199.8',
    });
    expect(root.resource.attributes).toEqual({
      'service.name': 'gateway',
      'telemetry.sdk.language': 'nodejs',
      'telemetry.sdk.name': 'opentelemetry',
      'telemetry.sdk.version': '3.1.0',
    });
    expect(find('validate_cart').resource).toBe(root.resource);
    const charge = find('POST /charges');
    expect(charge.status).toEqual({ code: 'ERROR', message: 'card declined' });
    expect(charge.events).toEqual([
      { name: 'exception', timeNs: 1_795_351_975_364_755_000n, attributes: {}, droppedAttributesCount: 0 },
    ]);
    expect('error' in charge.attributes).toBe(false);
  });
});

describe('one span', () => {
  test('short ids get their zeros back; a span without a kind is internal; nothing else is needed', () => {
    expect(readOne({})).toMatchObject({
      traceId: `0000000000000000${ids.traceId}`,
      spanId: ids.id,
      parentSpanId: '',
      name: '',
      kind: 'INTERNAL',
      service: 'unknown_service',
      startNs: 1_700_000_000_000_001_000n,
      endNs: 1_700_000_000_000_006_000n,
      status: { code: 'UNSET', message: '' },
    });
  });

  test.each<[string, Record<string, unknown>, Span['status']]>([
    ['an empty error tag', { error: '' }, { code: 'ERROR', message: '' }],
    ['an error tag that says true', { error: 'true' }, { code: 'ERROR', message: '' }],
    ['an error tag with a message', { error: 'timeout' }, { code: 'ERROR', message: 'timeout' }],
    ['an error tag that says false', { error: 'false' }, { code: 'UNSET', message: '' }],
    ['OpenTelemetry’s status', { 'otel.status_code': 'OK' }, { code: 'OK', message: '' }],
  ])('status: %s', (_, tags, status) => {
    expect(readOne({ tags }).status).toEqual(status);
  });

  test('an annotation with attributes, as OpenTelemetry specifies it, and one that only looks like it', () => {
    const annotations = [
      { timestamp: 1_700_000_000_000_002, value: '"retry": {"attempt": 2, "reason": "timeout"}' },
      { timestamp: 1_700_000_000_000_003, value: '"x": {broken}' },
    ];
    expect(readOne({ annotations }).events).toMatchObject([
      { name: 'retry', attributes: { attempt: 2n, reason: 'timeout' } },
      { name: '"x": {broken}', attributes: {} },
    ]);
  });

  test('the other end of a call, unless attributes say it', () => {
    const remoteEndpoint = { serviceName: 'payment', ipv4: '10.0.0.7', port: 8083 };
    expect(readOne({ remoteEndpoint }).attributes).toEqual({
      'service.peer.name': 'payment',
      'network.peer.address': '10.0.0.7',
      'network.peer.port': 8083n,
    });
    const tags = { 'peer.service': 'bank' };
    expect(readOne({ remoteEndpoint, tags }).attributes).not.toHaveProperty(['service.peer.name']);
  });

  test('fractions of a microsecond, which some senders write', () => {
    expect(readOne({ timestamp: 1_000.25 }).startNs).toBe(1_000_250n);
  });

  test('without a timestamp its first annotation, without any time none', () => {
    const annotations = [{ timestamp: 7, value: 'ws' }];
    expect(readOne({ timestamp: undefined, annotations }).startNs).toBe(7_000n);
    expect(spansFromZipkinJson([ids])).toEqual({ spans: [], invalid: 1 });
  });

  test.each<[object, string]>([
    [{ traceId: 'xyz' }, '[1].traceId: '],
    [{ timestamp: 'soon' }, '[1].timestamp: expected microseconds as a number, got "soon"'],
    [{ parentId: '0' }, '[1].parentId: '],
    [{ tags: [] }, '[1].tags: expected an object'],
  ])('%j is refused with its path', (part, message) => {
    const good = { ...ids, timestamp: 1 };
    expect(() => spansFromZipkinJson([good, { ...good, ...part }])).toThrow(message);
  });
});

test('the two halves of a call that share an id become caller and called', () => {
  const half = { ...ids, name: 'get', timestamp: 10, duration: 10 };
  const { spans } = spansFromZipkinJson([
    [
      {
        ...half,
        kind: 'SERVER',
        shared: true,
        timestamp: 12,
        duration: 5,
        localEndpoint: { serviceName: 'auth' },
      },
    ],
    [{ ...half, kind: 'CLIENT', localEndpoint: { serviceName: 'gateway' } }],
  ]);
  const { nodes } = buildTree({ traceId: spans[0]?.traceId ?? '', spans });
  expect(nodes.map(({ span, depth }) => [depth, span.service, span.kind])).toEqual([
    [0, 'gateway', 'CLIENT'],
    [1, 'auth', 'SERVER'],
  ]);
});
