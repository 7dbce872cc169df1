// OTLP/JSON in and out: what is accepted, what is refused with which path, and that nothing is lost on the way.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AttributeMap, AttributeValue, Span } from '../../src/trace/span.ts';
import { spansFromOtlpJson, spansToOtlpJson } from '../../src/wire/otlp-json.ts';
import { WireError } from '../../src/wire/wire-error.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

function bodyOf(span: object, resource: object = {}): object {
  return {
    resourceSpans: [
      {
        resource,
        scopeSpans: [{ scope: { name: 's' }, spans: [{ traceId: TRACE, spanId: SPAN, name: 'n', ...span }] }],
      },
    ],
  };
}

function firstOf(span: object, resource?: object): Span {
  return spansFromOtlpJson(bodyOf(span, resource))[0]!;
}

function errorOf(body: unknown): { code: string; path: string; message: string } {
  try {
    spansFromOtlpJson(body);
  } catch (error) {
    if (error instanceof WireError) return { code: error.code, path: error.path, message: error.message };
    throw error;
  }
  throw new Error('the body was accepted');
}

describe('reading', () => {
  test('the example of the OTLP specification becomes one span of the domain', () => {
    const [span, ...others] = spansFromOtlpJson({
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'my.service' } }] },
          scopeSpans: [
            {
              scope: {
                name: 'my.library',
                version: '1.0.0',
                attributes: [{ key: 'my.scope.attribute', value: { stringValue: 'some scope attribute' } }],
              },
              spans: [
                {
                  traceId: '5B8EFFF798038103D269B633813FC60C',
                  spanId: 'EEE19B7EC3C1B174',
                  parentSpanId: 'EEE19B7EC3C1B173',
                  name: "I'm a server span",
                  startTimeUnixNano: '1544712660000000000',
                  endTimeUnixNano: '1544712661000000000',
                  kind: 2,
                  attributes: [{ key: 'my.span.attr', value: { stringValue: 'some value' } }],
                },
              ],
            },
          ],
        },
      ],
    });
    expect(others).toEqual([]);
    expect(span).toEqual({
      traceId: '5b8efff798038103d269b633813fc60c',
      spanId: 'eee19b7ec3c1b174',
      parentSpanId: 'eee19b7ec3c1b173',
      traceState: '',
      flags: 0,
      name: "I'm a server span",
      kind: 'SERVER',
      startNs: 1544712660000000000n,
      endNs: 1544712661000000000n,
      attributes: { 'my.span.attr': 'some value' },
      droppedAttributesCount: 0,
      events: [],
      droppedEventsCount: 0,
      links: [],
      droppedLinksCount: 0,
      status: { code: 'UNSET', message: '' },
      resource: { attributes: { 'service.name': 'my.service' }, droppedAttributesCount: 0 },
      scope: {
        name: 'my.library',
        version: '1.0.0',
        attributes: { 'my.scope.attribute': 'some scope attribute' },
        droppedAttributesCount: 0,
      },
      service: 'my.service',
    });
  });

  test('an empty request, null fields and unknown fields are no errors', () => {
    expect(spansFromOtlpJson({})).toEqual([]);
    expect(spansFromOtlpJson({ resourceSpans: null })).toEqual([]);
    expect(spansFromOtlpJson({ resourceSpans: [{ scopeSpans: [{ spans: null }] }] })).toEqual([]);
    expect(firstOf({ status: null, links: null, invented: { deep: [1] } }).status.code).toBe('UNSET');
  });

  test.each([
    [3, 'CLIENT'],
    ['SPAN_KIND_PRODUCER', 'PRODUCER'],
    [undefined, 'UNSPECIFIED'],
    [99, 'UNSPECIFIED'],
  ])('kind %p is %s', (kind, word) => {
    expect(firstOf({ kind }).kind).toBe(word);
  });

  test.each([
    [2, 'ERROR'],
    ['STATUS_CODE_OK', 'OK'],
    [undefined, 'UNSET'],
  ])('status code %p is %s', (code, word) => {
    expect(firstOf({ status: { code, message: 'm' } }).status).toEqual({ code: word, message: 'm' });
  });

  test('times are exact to the nanosecond, as a string and as a number', () => {
    const span = firstOf({ startTimeUnixNano: '1544712660000000001', endTimeUnixNano: 1000 });
    expect([span.startNs, span.endNs]).toEqual([1544712660000000001n, 1000n]);
  });

  test('base64 ids, as generic Protocol Buffers writers make them, are understood', () => {
    const span = firstOf({ traceId: 'CvdlGRbNQ92ESOshHIAxnA==', spanId: 't61rcWkgMzE=' });
    expect([span.traceId, span.spanId]).toEqual([TRACE, SPAN]);
  });

  test('an empty or all-zero parent id is a root', () => {
    expect(firstOf({ parentSpanId: '' }).parentSpanId).toBe('');
    expect(firstOf({ parentSpanId: '0000000000000000' }).parentSpanId).toBe('');
  });

  test.each([{}, { attributes: [] }, { attributes: [{ key: 'service.name', value: { intValue: 3 } }] }])(
    'a resource %j without a name is unknown_service',
    (resource) => {
      expect(firstOf({}, resource).service).toBe('unknown_service');
    },
  );

  test('an attribute called __proto__ is an attribute and nothing else', () => {
    const attributes = [{ key: '__proto__', value: { kvlistValue: { values: [] } } }];
    const map = firstOf({ attributes }).attributes;
    expect(Object.keys(map)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(map)).toBe(Object.prototype);
  });

  test('spans of one resource and scope share the objects', () => {
    const spans = [1, 2].map((n) => ({ traceId: TRACE, spanId: `000000000000000${n}` }));
    const [a, b] = spansFromOtlpJson({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
    expect(a!.resource).toBe(b!.resource);
    expect(a!.scope).toBe(b!.scope);
  });
});

describe('refusing', () => {
  const inSpan = 'resourceSpans[0].scopeSpans[0].spans[0]';
  test.each<[object, string, string]>([
    [{ traceId: 'xyz' }, 'ERR_LONGPOLE_WIRE_ID', 'traceId'],
    [{ traceId: '0'.repeat(32) }, 'ERR_LONGPOLE_WIRE_ID', 'traceId'],
    [{ traceId: `${'A'.repeat(23)}=` }, 'ERR_LONGPOLE_WIRE_ID', 'traceId'],
    [{ spanId: undefined }, 'ERR_LONGPOLE_WIRE_ID', 'spanId'],
    [{ parentSpanId: 'abc' }, 'ERR_LONGPOLE_WIRE_ID', 'parentSpanId'],
    [{ name: 7 }, 'ERR_LONGPOLE_WIRE_TYPE', 'name'],
    [{ kind: 'SERVER_SIDE' }, 'ERR_LONGPOLE_WIRE_ENUM', 'kind'],
    [{ startTimeUnixNano: '12.5' }, 'ERR_LONGPOLE_WIRE_NUMBER', 'startTimeUnixNano'],
    [{ startTimeUnixNano: -1 }, 'ERR_LONGPOLE_WIRE_NUMBER', 'startTimeUnixNano'],
    [{ endTimeUnixNano: '18446744073709551616' }, 'ERR_LONGPOLE_WIRE_NUMBER', 'endTimeUnixNano'],
    [{ flags: 2 ** 32 }, 'ERR_LONGPOLE_WIRE_NUMBER', 'flags'],
    [{ status: 'bad' }, 'ERR_LONGPOLE_WIRE_TYPE', 'status'],
    [{ status: { code: 'NOPE' } }, 'ERR_LONGPOLE_WIRE_ENUM', 'status.code'],
    [{ links: [{ traceId: TRACE, spanId: SPAN }, {}] }, 'ERR_LONGPOLE_WIRE_ID', 'links[1].traceId'],
    [{ events: [{ attributes: {} }] }, 'ERR_LONGPOLE_WIRE_TYPE', 'events[0].attributes'],
    [{ attributes: [{ key: 1 }] }, 'ERR_LONGPOLE_WIRE_TYPE', 'attributes[0].key'],
    [
      { attributes: [{ key: 'a', value: { intValue: 'x' } }] },
      'ERR_LONGPOLE_WIRE_NUMBER',
      'attributes[0].value.intValue',
    ],
    [
      { attributes: [{ key: 'a', value: { doubleValue: 'x' } }] },
      'ERR_LONGPOLE_WIRE_NUMBER',
      'attributes[0].value.doubleValue',
    ],
    [
      { attributes: [{ key: 'a', value: { bytesValue: '%' } }] },
      'ERR_LONGPOLE_WIRE_BYTES',
      'attributes[0].value.bytesValue',
    ],
    [
      { attributes: [{ key: 'a', value: { arrayValue: { values: [{}, { boolValue: 1 }] } } }] },
      'ERR_LONGPOLE_WIRE_TYPE',
      'attributes[0].value.arrayValue.values[1].boolValue',
    ],
  ])('%j is %s at %s', (span, code, path) => {
    expect(errorOf(bodyOf(span))).toMatchObject({ code, path: `${inSpan}.${path}` });
  });

  test.each([1e300, -1e300, 2 ** 63])(
    '%d as intValue is a double: OpenTelemetry JS writes it so',
    (beyond) => {
      const body = JSON.parse(
        JSON.stringify(bodyOf({ attributes: [{ key: 'n', value: { intValue: beyond } }] })),
      );
      expect(spansFromOtlpJson(body)[0]?.attributes).toEqual({ n: beyond });
    },
  );

  test.each([
    [-(2 ** 63), -(2n ** 63n)],
    ['9223372036854775807', 2n ** 63n - 1n],
  ])('%s as intValue is the integer %d', (written, integer) => {
    const body = bodyOf({ attributes: [{ key: 'n', value: { intValue: written } }] });
    expect(spansFromOtlpJson(body)[0]?.attributes).toEqual({ n: integer });
  });

  test('the message names the path, the expectation and the value', () => {
    expect(errorOf(bodyOf({ traceId: 'xyz' })).message).toBe(
      `${inSpan}.traceId: expected 32 hex digits that are not all zero, got "xyz"`,
    );
  });

  test.each([[null], [[]], ['text'], [7]])('a body %j is no request', (body) => {
    expect(errorOf(body)).toMatchObject({ code: 'ERR_LONGPOLE_WIRE_TYPE', path: '' });
  });

  test('64 levels of nesting are read, 65 are refused, 200 000 do not overflow', () => {
    const nested = (levels: number): object => {
      let value: object = { stringValue: 'x' };
      for (let i = 1; i < levels; i++) value = { arrayValue: { values: [value] } };
      return bodyOf({ attributes: [{ key: 'deep', value }] });
    };
    expect(() => spansFromOtlpJson(nested(64))).not.toThrow();
    expect(errorOf(nested(65)).code).toBe('ERR_LONGPOLE_WIRE_DEPTH');
    expect(errorOf(nested(200_000)).code).toBe('ERR_LONGPOLE_WIRE_DEPTH');
  });
});

describe('writing', () => {
  const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  const { value } = fc.letrec<{ value: AttributeValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string({ unit: 'binary' }),
      fc.boolean(),
      int64,
      fc.double(),
      fc.uint8Array(),
      fc.constant(null),
      fc.array(tie('value')),
      fc.dictionary(fc.string(), tie('value'), { noNullPrototype: true }),
    ),
  }));
  const attributes: fc.Arbitrary<AttributeMap> = fc.dictionary(fc.string(), value, { noNullPrototype: true });
  const hex = (length: number) =>
    fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
  const id = (length: number) => hex(length).filter((text) => !/^0+$/.test(text));
  const count = fc.nat({ max: 2 ** 32 - 1 });
  const timeNs = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  const resource = fc.record({ attributes, droppedAttributesCount: count });
  const scope = fc.record({
    name: fc.string(),
    version: fc.string(),
    attributes,
    droppedAttributesCount: count,
  });
  const span = fc.record({
    traceId: id(32),
    spanId: id(16),
    parentSpanId: fc.oneof(fc.constant(''), id(16)),
    traceState: fc.string(),
    flags: count,
    name: fc.string({ unit: 'binary' }),
    kind: fc.constantFrom('UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'),
    startNs: timeNs,
    endNs: timeNs,
    attributes,
    droppedAttributesCount: count,
    events: fc.array(fc.record({ name: fc.string(), timeNs, attributes, droppedAttributesCount: count })),
    droppedEventsCount: count,
    links: fc.array(
      fc.record({
        traceId: id(32),
        spanId: id(16),
        traceState: fc.string(),
        attributes,
        droppedAttributesCount: count,
        flags: count,
      }),
    ),
    droppedLinksCount: count,
    status: fc.record({ code: fc.constantFrom('UNSET', 'OK', 'ERROR'), message: fc.string() }),
    resource,
    scope,
    service: fc.constant(''),
  }) as fc.Arbitrary<Span>;

  test('whatever is written is read back the same, through JSON text', () => {
    fc.assert(
      fc.property(span, (one) => {
        const text = JSON.stringify(spansToOtlpJson([one]));
        const [back] = spansFromOtlpJson(JSON.parse(text));
        const name = one.resource.attributes['service.name'];
        const service = typeof name === 'string' && name !== '' ? name : 'unknown_service';
        expect(back).toEqual({ ...one, service });
      }),
      { numRuns: 300 },
    );
  });

  test('spans of one resource and scope share a group, others do not', () => {
    const [a] = spansFromOtlpJson(bodyOf({ spanId: '00000000000000aa' }));
    const b = { ...a!, spanId: '00000000000000bb' };
    const c = { ...b, spanId: '00000000000000cc', scope: { ...b.scope, name: 'other' } };
    const d = { ...b, spanId: '00000000000000dd', resource: { ...b.resource } };
    const { resourceSpans } = spansToOtlpJson([a!, d, c, b]);
    const ids = resourceSpans.map((group) => group.scopeSpans.map((one) => one.spans.map((s) => s.spanId)));
    expect(ids).toEqual([
      [['00000000000000aa', '00000000000000bb'], ['00000000000000cc']],
      [['00000000000000dd']],
    ]);
  });

  test('64-bit integers are strings, enums numbers and empty fields absent', () => {
    const [one] = spansFromOtlpJson(
      bodyOf({ kind: 2, attributes: [{ key: 'n', value: { intValue: 7 } }], startTimeUnixNano: 5 }),
    );
    expect(spansToOtlpJson([one!]).resourceSpans[0]!.scopeSpans[0]!.spans[0]).toEqual({
      traceId: TRACE,
      spanId: SPAN,
      name: 'n',
      kind: 2,
      startTimeUnixNano: '5',
      endTimeUnixNano: '0',
      attributes: [{ key: 'n', value: { intValue: '7' } }],
      status: {},
    });
  });
});
