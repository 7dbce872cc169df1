// How the OTEL_* and LONGPOLE_* variables are read, and what is said about values that make no sense.

import { afterEach, describe, expect, it } from '@jest/globals';
import * as environment from '../../src/start/environment.ts';
import { environmentComplaints } from '../../src/start/environment-complaints.ts';
import { chooseExporters } from '../../src/start/exporters.ts';

const before = { ...process.env };

afterEach(() => {
  process.env = { ...before };
});

const given = (variables: Record<string, string>): void => void Object.assign(process.env, variables);

describe('the URL that traces are posted to', () => {
  it.each([
    [{}, undefined, 'http://localhost:4318/v1/traces'],
    [{}, 'http://collector:4318/', 'http://collector:4318/v1/traces'],
    [{}, 'http://collector/otlp?key=1', 'http://collector/otlp/v1/traces?key=1'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://env:1/x' }, 'http://option:2', 'http://env:1/x/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://t/as/is' }, 'http://option', 'https://t/as/is'],
    [
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://t/', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://g' },
      undefined,
      'https://t/',
    ],
    [
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'nowhere', OTEL_EXPORTER_OTLP_ENDPOINT: 'ftp://g' },
      'http://o',
      'http://o/v1/traces',
    ],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '  ' }, undefined, 'http://localhost:4318/v1/traces'],
  ])('%p and the option %p give %s', (variables, option, url) => {
    given(variables as Record<string, string>);
    expect(environment.tracesUrl(option)).toBe(url);
  });
});

describe('the span budget', () => {
  it.each([
    [{}, 50, 50],
    [{}, undefined, undefined],
    [{ LONGPOLE_SPAN_BUDGET: '20' }, 50, 20],
    [{ LONGPOLE_SPAN_BUDGET: '0' }, undefined, 0],
    [{ LONGPOLE_SPAN_BUDGET: '-1' }, 50, 50],
    [{ LONGPOLE_SPAN_BUDGET: 'many' }, undefined, undefined],
  ])('of %p and the option %p is %p', (variables, option, budget) => {
    given(variables as Record<string, string>);
    expect(environment.spanBudgetOf(option)).toBe(budget);
  });

  it('of the variable gets a line when it is no whole number', () => {
    given({ LONGPOLE_SPAN_BUDGET: 'many' });
    expect(environmentComplaints()).toEqual([
      'LONGPOLE_SPAN_BUDGET=many cannot be used: expected a whole number, 0 for no limit; using what the code says, or 200',
    ]);
  });
});

describe('the exporters', () => {
  it.each([
    ['', ['http://localhost:4318/v1/traces']],
    ['otlp', ['http://localhost:4318/v1/traces']],
    ['console', ['the console']],
    ['console, otlp,console', ['the console', 'http://localhost:4318/v1/traces']],
    ['none', []],
    ['otlp,none', []],
    ['smoke', ['http://localhost:4318/v1/traces']],
    ['smoke,console', ['the console']],
    ['zipkin', ['Zipkin at http://localhost:9411/api/v2/spans']],
    ['otlp,zipkin', ['http://localhost:4318/v1/traces', 'Zipkin at http://localhost:9411/api/v2/spans']],
  ])('OTEL_TRACES_EXPORTER=%p', async (names, destinations) => {
    given({ OTEL_TRACES_EXPORTER: names });
    const chosen = chooseExporters({});
    expect(chosen?.map(({ destination }) => destination)).toEqual(destinations);
    await Promise.all((chosen ?? []).map(({ shipping }) => shipping.exporter.shutdown()));
  });

  it.each([
    [{}, 'application/x-protobuf'],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, 'application/json'],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' }, 'application/x-protobuf'],
    [
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json' },
      'application/json',
    ],
    [
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'smoke' },
      'application/x-protobuf',
    ],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, undefined],
  ])('%p sends %p', async (variables, contentType) => {
    given(variables as Record<string, string>);
    const chosen = chooseExporters({});
    expect(chosen?.[0]?.otlp?.contentType).toBe(contentType);
    await Promise.all((chosen ?? []).map(({ shipping }) => shipping.exporter.shutdown()));
  });
});

describe('other settings', () => {
  it.each([
    [{ OTEL_SERVICE_NAME: 'a', OTEL_RESOURCE_ATTRIBUTES: 'service.name=b' }, 'a'],
    [{ OTEL_RESOURCE_ATTRIBUTES: 'x=1,service.name=caf%C3%A9' }, 'café'],
    [{ OTEL_RESOURCE_ATTRIBUTES: 'not a list' }, undefined],
    [{ OTEL_SERVICE_NAME: ' ' }, undefined],
  ])('the service of %p is %p', (variables, service) => {
    given(variables as Record<string, string>);
    expect(environment.serviceFromEnvironment()).toBe(service);
  });

  it.each([
    [undefined, 'stock', 'stock'],
    ['listen', 'stock', 'listen'],
    ['stock', undefined, 'stock'],
    ['magic', 'stock', 'stock'],
    ['', undefined, 'listen'],
  ] as const)('LONGPOLE_INSTRUMENTATION=%p over the option %p is %p', (variable, option, kind) => {
    if (variable !== undefined) given({ LONGPOLE_INSTRUMENTATION: variable });
    expect(environment.instrumentationKind(option)).toBe(kind);
  });

  it('OTEL_BSP_* set the batches', () => {
    expect(environment.batchLimits(5)).toMatchObject({
      maxQueueSize: 16_384,
      fullBatchSize: 512,
      maxBatchSize: 2048,
      delayMs: 1000,
      exportTimeoutMs: 30_000,
      flushDeadlineMs: 5,
    });
    given({
      OTEL_BSP_MAX_QUEUE_SIZE: '100',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '200',
      OTEL_BSP_SCHEDULE_DELAY: '7',
      OTEL_BSP_EXPORT_TIMEOUT: 'soon',
    });
    expect(environment.batchLimits(5)).toMatchObject({
      maxQueueSize: 100,
      fullBatchSize: 100,
      maxBatchSize: 100,
      delayMs: 7,
      exportTimeoutMs: 30_000,
    });
  });

  it('OTEL_SPAN_*_LIMIT that make no sense count as not set', () => {
    given({
      OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '-3',
      OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '1.5',
      OTEL_SPAN_EVENT_COUNT_LIMIT: '7',
    });
    expect(environment.spanLimits()).toEqual({
      attributeCountLimit: 128,
      attributeValueLengthLimit: Infinity,
      eventCountLimit: 7,
    });
  });

  it.each([
    ['22.14.9', true],
    ['20.20.2', true],
    ['22.15.0', false],
    ['24.21.0', false],
    ['100.0.0', false],
  ])('Node %s is too old: %p', (version, tooOld) => {
    expect(environment.isNodeTooOld(version)).toBe(tooOld);
  });
});

describe('a value that makes no sense', () => {
  it.each([
    ['LONGPOLE_INSTRUMENTATION', 'magic', /expected listen or stock/],
    ['OTEL_SDK_DISABLED', 'yes', /expected true or false; using false/],
    ['OTEL_LOG_LEVEL', 'loud', /expected one of NONE, ERROR.*; using INFO/],
    [
      'OTEL_TRACES_EXPORTER',
      'otlp,smoke',
      /=otlp,smoke cannot be used: expected a list of otlp, console, none, zipkin/,
    ],
    ['OTEL_TRACES_SAMPLER', 'half', /using parentbased_always_on/],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'http', /expected one of http\/json/],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', /begins with http/],
    ['OTEL_EXPORTER_OTLP_COMPRESSION', 'zip', /expected none or gzip/],
    ['OTEL_EXPORTER_OTLP_TRACES_TIMEOUT', '0', /expected milliseconds above 0/],
    ['OTEL_EXPORTER_OTLP_CERTIFICATE', '/no/such/file', /expected a file that can be read/],
    ['OTEL_BSP_EXPORT_TIMEOUT', '1s', /expected a number above 0/],
    ['OTEL_SPAN_LINK_COUNT_LIMIT', '-1', /expected a whole number/],
    ['OTEL_RESOURCE_ATTRIBUTES', 'no list', /expected a list of key=value/],
  ])('%s=%s: one sentence with the value and what is done instead', (name, value, sentence) => {
    given({ [name]: value });
    const complaints = environmentComplaints();
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toMatch(sentence);
    expect(complaints[0]).toMatch(new RegExp(`^${name}=.*; using `));
  });

  it('of a ratio, and a ratio that is missing', () => {
    given({ OTEL_TRACES_SAMPLER: 'traceidratio' });
    expect(environmentComplaints()).toEqual([
      'OTEL_TRACES_SAMPLER_ARG is not set: expected a number from 0 to 1; using 1',
    ]);
    given({ OTEL_TRACES_SAMPLER_ARG: '1.5' });
    expect(environmentComplaints()[0]).toMatch(/^OTEL_TRACES_SAMPLER_ARG=1\.5 cannot be used/);
  });

  it('of headers is not shown, because it may be a secret', () => {
    given({ OTEL_EXPORTER_OTLP_HEADERS: 'api-key: hunter2' });
    expect(environmentComplaints()).toEqual([
      'OTEL_EXPORTER_OTLP_HEADERS cannot be used: expected a list of name=value; using the pairs that are complete',
    ]);
  });

  it('cannot forge a line of its own', () => {
    given({ OTEL_TRACES_SAMPLER: 'a\nlongpole: all is well\u001b[2K' });
    expect(environmentComplaints()[0]).toMatch(/SAMPLER=a\\nlongpole: all is well\\u001b\[2K cannot/);
  });

  it('is not complained of when it makes sense', () => {
    given({
      LONGPOLE_INSTRUMENTATION: 'stock',
      OTEL_SDK_DISABLED: 'False',
      OTEL_LOG_LEVEL: 'error',
      OTEL_TRACES_EXPORTER: 'otlp, console',
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.1',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector:4318',
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=abc=,tenant=1',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_EXPORTER_OTLP_TIMEOUT: '500',
      OTEL_EXPORTER_OTLP_CERTIFICATE: __filename,
      OTEL_BSP_MAX_QUEUE_SIZE: '10',
      OTEL_SPAN_EVENT_COUNT_LIMIT: '0',
      OTEL_RESOURCE_ATTRIBUTES: 'a=b',
    });
    expect(environmentComplaints()).toEqual([]);
  });

  it('of an endpoint is fine for gRPC, which has endpoints of another form', () => {
    given({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' });
    expect(environmentComplaints()).toEqual([]);
  });
});
