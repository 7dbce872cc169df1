// Whatever is done to a recorded span, it ends as the SDK's own span would have ended.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Attributes,
  diag,
  type Exception,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  type ReadableSpan,
  type SpanLimits,
  type SpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { limitsFrom } from '../../src/recording/limits.ts';
import { Recorder } from '../../src/recording/recorder.ts';
import { alwaysOn } from '../../src/sampling/samplers.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';
const PARENT = { traceId: TRACE_ID, spanId: '00f067aa0ba902b7', traceFlags: 1, isRemote: true };
const ids = { generateTraceId: () => TRACE_ID, generateSpanId: () => SPAN_ID };
const resource = resourceFromAttributes({ 'service.name': 'orders' });

/** Small enough to be reached; a limit for texts turns off what we do beyond the specification, the mark. */
const LIMITS = {
  attributeCountLimit: 4,
  attributeValueLengthLimit: 6,
  eventCountLimit: 2,
  linkCountLimit: 2,
  attributePerEventCountLimit: 2,
  attributePerLinkCountLimit: 2,
};

type Step = (span: Span) => void;

const keys = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const values: fc.Arbitrary<unknown> = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.array(fc.string({ maxLength: 9 }), { maxLength: 3 }),
  fc.array(fc.oneof(fc.integer(), fc.string({ maxLength: 8 })), { maxLength: 3 }),
  fc.uint8Array({ maxLength: 9 }),
  fc.dictionary(fc.constantFrom('x', 'y'), fc.string({ maxLength: 9 }), { noNullPrototype: true }),
  fc.constantFrom(undefined, null),
);
const valid = fc.dictionary(keys, values, { maxKeys: 6, noNullPrototype: true }) as fc.Arbitrary<Attributes>;
const invalid = fc.constantFrom<unknown>(Symbol('no attribute'), () => 0, 7n);
/** The SDK counts what is no attribute where it comes with the span, an event or a link. */
const attributes = fc.dictionary(fc.oneof(keys, fc.constant('')), fc.oneof(values, invalid), {
  maxKeys: 6,
  noNullPrototype: true,
}) as fc.Arbitrary<Attributes>;
const times = fc.oneof(
  fc.integer({ min: 1_800_000_000_000, max: 1_900_000_000_000 }),
  fc.integer({ min: 1_800_000_000_000, max: 1_900_000_000_000 }).map((ms) => new Date(ms)),
  fc.tuple(fc.integer({ min: 1_800_000_000, max: 1_900_000_000 }), fc.nat(999_999_999)),
);
const exceptions: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(
  'only a text',
  { name: 'TypeError', message: 'no' },
  { code: 'E_NO', message: 'no', stack: 'at here' },
  { code: 7 },
  {},
);
const links = fc.record({ context: fc.constant(PARENT), attributes });
const statuses = fc.record({
  code: fc.constantFrom(SpanStatusCode.UNSET, SpanStatusCode.OK, SpanStatusCode.ERROR),
  message: fc.constantFrom('why', undefined) as fc.Arbitrary<string>,
});
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(keys, values).map(
    ([key, value]): Step =>
      (span) =>
        span.setAttribute(key, value as string),
  ),
  valid.map(
    (all): Step =>
      (span) =>
        span.setAttributes(all),
  ),
  fc.tuple(attributes, times).map(
    ([all, time]): Step =>
      (span) =>
        span.addEvent('event', all, time),
  ),
  times.map(
    (time): Step =>
      (span) =>
        span.addEvent('timed', time),
  ),
  fc.tuple(exceptions, times).map(
    ([thrown, time]): Step =>
      (span) =>
        span.recordException(thrown as Exception, time),
  ),
  links.map(
    (link): Step =>
      (span) =>
        span.addLink(link),
  ),
  fc.array(links, { maxLength: 3 }).map(
    (several): Step =>
      (span) =>
        span.addLinks(several),
  ),
  statuses.map(
    (status): Step =>
      (span) =>
        span.setStatus(status),
  ),
  fc.string({ maxLength: 9 }).map(
    (name): Step =>
      (span) =>
        span.updateName(name),
  ),
  times.map(
    (time): Step =>
      (span) =>
        span.end(time),
  ),
);
const starts: fc.Arbitrary<SpanOptions> = fc.record({
  kind: fc.constantFrom(SpanKind.INTERNAL, SpanKind.SERVER, SpanKind.CONSUMER),
  attributes,
  links: fc.array(links, { maxLength: 3 }),
  startTime: times,
  root: fc.boolean(),
});

function endedBy(
  make: (processor: SpanProcessor) => Tracer,
  options: SpanOptions,
  todo: readonly Step[],
): unknown {
  const ended: ReadableSpan[] = [];
  const silent = { onStart: () => {}, forceFlush: async () => {}, shutdown: async () => {} };
  const tracer = make({ ...silent, onEnd: (span) => void ended.push(span) });
  const parent = trace.setSpanContext(ROOT_CONTEXT, PARENT);
  const span = tracer.startSpan('work', options, parent);
  for (const step of todo) step(span);
  span.end([1_950_000_000, 5]);
  expect(span.isRecording()).toBe(false);
  return ended.map(toldBy);
}

function toldBy(span: ReadableSpan): unknown {
  const { name, kind, startTime, endTime, duration, status, attributes: all, events, ended } = span;
  const { droppedAttributesCount, droppedEventsCount, droppedLinksCount, parentSpanContext } = span;
  const dropped = { droppedAttributesCount, droppedEventsCount, droppedLinksCount };
  const context = span.spanContext();
  const whole = { name, kind, startTime, endTime, duration, status, attributes: all, ended, context };
  return {
    ...whole,
    events,
    links: span.links,
    ...dropped,
    parentSpanContext,
    of: span.instrumentationScope,
  };
}

const sdkTracer =
  (spanLimits: SpanLimits) =>
  (processor: SpanProcessor): Tracer =>
    new TracerProvider({ resource, spanLimits, idGenerator: ids, spanProcessors: [processor] }).getTracer(
      'of',
      '1',
    );
const ourTracer =
  (spanLimits: SpanLimits) =>
  (processor: SpanProcessor): Tracer =>
    new Recorder({ resource, sampler: alwaysOn, limits: limitsFrom(spanLimits), ids, processor }).getTracer(
      'of',
      '1',
    );

describe('a recorded span', () => {
  beforeEach(() => {
    diag.disable();
  });
  afterEach(() => {
    diag.disable();
  });

  it.each([
    ['within its limits', { attributeValueLengthLimit: 1000 }],
    ['beyond its limits', LIMITS],
  ])('tells what the SDK’s span tells, %s', (_case, limits) => {
    fc.assert(
      fc.property(starts, fc.array(steps, { maxLength: 12 }), (options, todo) => {
        const theirs = endedBy(sdkTracer(limits), options, todo);
        expect(endedBy(ourTracer(limits), options, todo)).toEqual(theirs);
      }),
      { numRuns: 500 },
    );
  });

  it('counts what is no attribute, also where the SDK does not', () => {
    const [told] = endedBy(ourTracer({}), {}, [
      (span) => span.setAttribute('lambda', (() => 0) as unknown as string),
      (span) => span.setAttributes({ '': 1, fine: true }),
    ]) as Record<string, unknown>[];
    expect(told).toMatchObject({ attributes: { fine: true }, droppedAttributesCount: 2 });
  });

  it('keeps an attribute called __proto__, alone and in a map', () => {
    const given = JSON.parse('{"__proto__": "kept", "map": {"__proto__": ["also"]}}') as Attributes;
    const steps = [(span: Span) => span.setAttributes(given)];
    const [told] = endedBy(ourTracer({}), {}, steps) as { attributes: Attributes }[];
    expect(JSON.stringify(told?.attributes)).toBe(JSON.stringify(given));
  });

  it('takes nothing more once it has ended', () => {
    const [told] = endedBy(ourTracer({}), {}, [
      (span) => span.end(),
      (span) => span.setAttribute('late', 1).updateName('late').addEvent('late').addLink({ context: PARENT }),
      (span) => span.setStatus({ code: SpanStatusCode.ERROR }),
    ]) as Record<string, unknown>[];
    expect(told).toMatchObject({ name: 'work', attributes: {}, events: [], links: [], status: { code: 0 } });
  });

  it('ends when it began rather than before', () => {
    const [told] = endedBy(ourTracer({}), { startTime: [1_800_000_000, 1] }, [
      (span) => span.end([1_800_000_000, 0]),
    ]) as Record<string, unknown>[];
    expect(told).toMatchObject({ endTime: [1_800_000_000, 1], duration: [0, 0] });
  });

  it('cuts long texts and says so, where no limit was asked for', () => {
    const [told] = endedBy(ourTracer({}), { attributes: { long: 'x'.repeat(5000) } }, [
      (span) => span.updateName('n'.repeat(5000)).setStatus({ code: 2, message: 'm'.repeat(5000) }),
    ]) as { name: string; attributes: { long: string }; status: { message: string } }[];
    const texts = [told?.name, told?.attributes.long, told?.status.message];
    for (const text of texts) expect(text).toMatch(/^.{4070,}…\[cut, 5000 characters\]$/);
    for (const text of texts) expect(text).toHaveLength(4096);
  });
});
