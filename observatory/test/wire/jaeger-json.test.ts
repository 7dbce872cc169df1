// Jaeger's UI JSON in and out, with the tags by which Jaeger carries OpenTelemetry's own fields.
import { describe, expect, test } from '@jest/globals';
import type { Span, Trace } from '../../src/trace/span.ts';
import { tracesFromJaegerJson, tracesToJaegerJson } from '../../src/wire/jaeger-json.ts';
import { WireError } from '../../src/wire/wire-error.ts';

const TRACE = '83a9efd15c1c98a977e0711cc93ee28b';
const OTHER_TRACE = '0000000000000000000000000000beef';

const span: Span = {
  traceId: TRACE,
  spanId: 'e127af99e3b3e074',
  parentSpanId: '909541b92cf05311',
  traceState: 'a=1',
  flags: 0x101,
  name: 'POST /charges',
  kind: 'SERVER',
  startNs: 1706678909209712000n,
  endNs: 1706678909209835000n,
  attributes: {
    text: 'x',
    yes: true,
    int: 7n,
    big: 9007199254740993n,
    half: 0.5,
    bytes: new Uint8Array([1, 2, 255]),
  },
  droppedAttributesCount: 0,
  events: [
    { name: 'exception', timeNs: 1706678909209800000n, attributes: { type: 'E' }, droppedAttributesCount: 0 },
  ],
  droppedEventsCount: 0,
  links: [
    {
      traceId: OTHER_TRACE,
      spanId: '00000000000000aa',
      traceState: '',
      attributes: { 'opentracing.ref_type': 'follows_from' },
      droppedAttributesCount: 0,
      flags: 0,
    },
  ],
  droppedLinksCount: 0,
  status: { code: 'ERROR', message: 'declined' },
  resource: { attributes: { 'service.name': 'payment', 'host.name': 'h' }, droppedAttributesCount: 0 },
  scope: { name: 'lib', version: '1.2', attributes: {}, droppedAttributesCount: 0 },
  service: 'payment',
};
const trace: Trace = { traceId: TRACE, spans: [span] };

function readOne(json: object, more: object = {}): Span {
  const [one] = tracesFromJaegerJson({
    data: [
      { traceID: TRACE, spans: [{ traceID: TRACE, spanID: '1', operationName: 'o', ...json }], ...more },
    ],
  });
  return one!.spans[0]!;
}

function errorOf(body: unknown): WireError {
  try {
    tracesFromJaegerJson(body);
  } catch (error) {
    if (error instanceof WireError) return error;
    throw error;
  }
  throw new Error('the body was accepted');
}

describe('writing', () => {
  test('a span has the tags of the Collector’s Jaeger translator, in its order', () => {
    const { data } = tracesToJaegerJson([trace]);
    expect(data[0]).toEqual({
      traceID: TRACE,
      processes: { p1: { serviceName: 'payment', tags: [{ key: 'host.name', type: 'string', value: 'h' }] } },
      warnings: null,
      spans: [
        {
          traceID: TRACE,
          spanID: 'e127af99e3b3e074',
          flags: 1,
          operationName: 'POST /charges',
          references: [
            { refType: 'CHILD_OF', traceID: TRACE, spanID: '909541b92cf05311' },
            { refType: 'FOLLOWS_FROM', traceID: OTHER_TRACE, spanID: '00000000000000aa' },
          ],
          startTime: 1706678909209712,
          duration: 123,
          tags: [
            { key: 'otel.scope.name', type: 'string', value: 'lib' },
            { key: 'otel.scope.version', type: 'string', value: '1.2' },
            { key: 'text', type: 'string', value: 'x' },
            { key: 'yes', type: 'bool', value: true },
            { key: 'int', type: 'int64', value: 7 },
            { key: 'big', type: 'int64', value: '9007199254740993' },
            { key: 'half', type: 'float64', value: 0.5 },
            { key: 'bytes', type: 'binary', value: 'AQL/' },
            { key: 'span.kind', type: 'string', value: 'server' },
            { key: 'otel.status_code', type: 'string', value: 'ERROR' },
            { key: 'error', type: 'bool', value: true },
            { key: 'otel.status_description', type: 'string', value: 'declined' },
            { key: 'w3c.tracestate', type: 'string', value: 'a=1' },
          ],
          logs: [
            {
              timestamp: 1706678909209800,
              fields: [
                { key: 'event', type: 'string', value: 'exception' },
                { key: 'type', type: 'string', value: 'E' },
              ],
            },
          ],
          processID: 'p1',
          warnings: null,
        },
      ],
    });
  });

  test('lists and maps are JSON text, Jaeger’s warnings leave the tags', () => {
    const attributes = { list: ['a', 2n], map: { k: [0.5] }, none: null, '@jaeger@warnings': ['skewed'] };
    const [written] = tracesToJaegerJson([{ ...trace, spans: [{ ...span, attributes }] }]).data[0]!.spans;
    expect(written!.warnings).toEqual(['skewed']);
    expect(written!.tags.slice(2, 5)).toEqual([
      { key: 'list', type: 'string', value: '["a",2]' },
      { key: 'map', type: 'string', value: '{"k":[0.5]}' },
      { key: 'none', type: 'string', value: '' },
    ]);
  });

  test('equal resources are one process, a nameless one is unknown_service', () => {
    const twin = { ...span, resource: structuredClone(span.resource) };
    const nameless = { ...span, resource: { attributes: {}, droppedAttributesCount: 0 } };
    const [written] = tracesToJaegerJson([{ ...trace, spans: [span, twin, nameless] }]).data;
    expect(written!.spans.map((one) => one.processID)).toEqual(['p1', 'p1', 'p2']);
    expect(written!.processes['p2']).toEqual({ serviceName: 'unknown_service', tags: [] });
  });

  test('a span that ends before it starts has no negative duration', () => {
    const [written] = tracesToJaegerJson([{ ...trace, spans: [{ ...span, endNs: 0n }] }]).data[0]!.spans;
    expect(written!.duration).toBe(0);
  });
});

describe('reading', () => {
  test('what was written is read back the same, through JSON text', () => {
    const text = JSON.stringify(tracesToJaegerJson([trace]));
    expect(tracesFromJaegerJson(JSON.parse(text))).toEqual([{ ...trace, spans: [{ ...span, flags: 1 }] }]);
  });

  test('a bare trace, as downloaded from Jaeger UI, is read too', () => {
    const [bare] = tracesToJaegerJson([trace]).data;
    expect(tracesFromJaegerJson(bare)).toHaveLength(1);
  });

  test('ids without leading zeros get them back', () => {
    const read = readOne({ traceID: 'beef', spanID: 'a', references: [{ traceID: 'beef', spanID: 'b' }] });
    expect([read.traceId, read.spanId, read.parentSpanId]).toEqual([
      OTHER_TRACE,
      '000000000000000a',
      '000000000000000b',
    ]);
  });

  test('a CHILD_OF within the trace is the parent before a FOLLOWS_FROM, and another trace never is', () => {
    const away = { refType: 'CHILD_OF', traceID: 'beef', spanID: 'c' };
    const follows = { refType: 'FOLLOWS_FROM', traceID: TRACE, spanID: 'a' };
    const child = { refType: 'CHILD_OF', traceID: TRACE, spanID: 'b' };
    expect(readOne({ references: [away, follows, child] }).parentSpanId).toBe('000000000000000b');
    const followed = readOne({ references: [away, follows] });
    expect(followed.parentSpanId).toBe('000000000000000a');
    expect(followed.links.map((link) => link.attributes['opentracing.ref_type'])).toEqual([
      'child_of',
      'follows_from',
    ]);
    expect(readOne({ references: [away] }).parentSpanId).toBe('');
    expect(readOne({ parentSpanID: 'd' }).parentSpanId).toBe('000000000000000d');
    expect(readOne({ parentSpanID: '0' }).parentSpanId).toBe('');
  });

  const tag = (key: string, value: unknown) => ({ key, value });
  test.each<[object[], string, string]>([
    [[tag('error', true)], 'ERROR', ''],
    [[tag('error', 'true')], 'ERROR', ''],
    [[tag('error', false), tag('otel.status_code', 'OK')], 'OK', ''],
    [[tag('otel.status_code', 'error'), tag('otel.status_description', 'm')], 'ERROR', 'm'],
    [[tag('http.status_code', 503)], 'ERROR', ''],
    [[tag('http.status_code', 404), tag('span.kind', 'client')], 'ERROR', ''],
    [[tag('http.status_code', 404), tag('span.kind', 'server')], 'UNSET', ''],
    [[], 'UNSET', ''],
  ])('tags %j mean status %s', (tags, code, message) => {
    expect(readOne({ tags }).status).toEqual({ code, message });
  });

  test('a span without a known process is of unknown_service', () => {
    expect(readOne({ processID: 'p9' }).service).toBe('unknown_service');
    const processes = { p1: { serviceName: 'OTLPResourceNoServiceName' } };
    expect(readOne({ processID: 'p1' }, { processes }).service).toBe('unknown_service');
    expect(readOne({ process: { serviceName: 'own' } }).service).toBe('own');
  });

  test('scope, kind, trace state and warnings leave the attributes', () => {
    const tags = [
      tag('otel.library.name', 'lib'),
      tag('span.kind', 'consumer'),
      tag('w3c.tracestate', 'z=9'),
      tag('kept', 1),
    ];
    const read = readOne({ tags, warnings: ['w'] });
    expect(read).toMatchObject({ kind: 'CONSUMER', traceState: 'z=9', scope: { name: 'lib', version: '' } });
    expect(read.attributes).toEqual({ kept: 1n, '@jaeger@warnings': ['w'] });
  });

  test('an answer without data is no trace', () => {
    expect(tracesFromJaegerJson({ data: null, errors: [{ code: 404 }] })).toEqual([]);
  });

  test.each<[unknown, string, string]>([
    [7, 'ERR_LONGPOLE_WIRE_TYPE', ''],
    [{ data: {} }, 'ERR_LONGPOLE_WIRE_TYPE', 'data'],
    [{ data: [{}] }, 'ERR_LONGPOLE_WIRE_ID', 'data[0].traceID'],
    [{ data: [{ spans: [{ traceID: 'xyz' }] }] }, 'ERR_LONGPOLE_WIRE_ID', 'data[0].spans[0].traceID'],
    [
      { data: [{ spans: [{ traceID: 'a', spanID: 'b', startTime: 'late' }] }] },
      'ERR_LONGPOLE_WIRE_NUMBER',
      'data[0].spans[0].startTime',
    ],
    [
      { data: [{ spans: [{ traceID: 'a', spanID: 'b', duration: -1 }] }] },
      'ERR_LONGPOLE_WIRE_NUMBER',
      'data[0].spans[0].duration',
    ],
    [
      { data: [{ spans: [{ traceID: 'a', tags: [{ key: 'k', type: 'binary', value: '%' }] }] }] },
      'ERR_LONGPOLE_WIRE_BYTES',
      'data[0].spans[0].tags[0].value',
    ],
    [{ data: [{ processes: { p1: 'x' }, spans: [] }] }, 'ERR_LONGPOLE_WIRE_TYPE', 'data[0].processes.p1'],
  ])('%j is refused with %s at %s', (body, code, path) => {
    expect(errorOf(body)).toMatchObject({ code, path });
  });
});
