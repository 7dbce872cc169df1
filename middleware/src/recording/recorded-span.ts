// A span that records what it is told, for a small part of the price of the SDK's own.

import {
  type Attributes,
  diag,
  type Exception,
  type HrTime,
  type Link,
  type Span,
  type SpanContext,
  type SpanKind,
  type SpanStatus,
  SpanStatusCode,
  type TimeInput,
} from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace';
import type { Moment } from '../shared/clock.ts';
import type { AttributeList, FlatAttributes } from './attribute-list.ts';
import { cleanEventAttributes, cleanLink, exceptionAttributes } from './details.ts';
import type { Limits } from './limits.ts';
import { durationBetween, hrTimeOf, isTime } from './span-time.ts';

/** What all spans of one tracer share. */
export interface SpanMaker {
  readonly resource: Resource;
  readonly scope: InstrumentationScope;
  readonly limits: Limits;
  readonly ended: (span: RecordedSpan) => void;
}

/** How a span begins. */
export interface SpanDraft {
  readonly name: string;
  readonly kind: SpanKind;
  readonly links: readonly Link[];
  readonly startTime: HrTime;
  /** What the end is measured from, where the start was taken from the clock. */
  readonly startMoment: Moment | undefined;
  /** A list that is the caller's own. */
  attributesWithin(limits: Limits): AttributeList;
}

const UNSET: SpanStatus = Object.freeze({ code: SpanStatusCode.UNSET });
const NO_EVENTS: TimedEvent[] = [];
const NO_LINKS: Link[] = [];
Object.freeze(NO_EVENTS);
Object.freeze(NO_LINKS);
const NOT_ENDED: HrTime = [0, 0];

/**
 * The `Span` of the trace API, and what the SDK's exporters read. It does what the SDK's span does (OpenTelemetry trace
 * SDK, "Span"), but keeps its attributes in a flat list, and makes objects of them for those who ask.
 */
export class RecordedSpan implements Span, ReadableSpan {
  readonly #maker: SpanMaker;
  readonly #context: SpanContext;
  readonly #attributes: AttributeList;
  readonly #startMoment: Moment | undefined;
  #asObject: Attributes | undefined;
  #droppedEvents = 0;
  #droppedLinks = 0;
  #isEnded = false;
  readonly kind: SpanKind;
  readonly startTime: HrTime;
  endTime: HrTime = NOT_ENDED;
  name: string;
  status: SpanStatus = UNSET;
  events: TimedEvent[] = NO_EVENTS;
  links: Link[] = NO_LINKS;
  /** Always a property of its own, so that all spans have one shape; without a parent it is `undefined`. */
  readonly parentSpanContext!: SpanContext;

  constructor(maker: SpanMaker, draft: SpanDraft, context: SpanContext, parent: SpanContext | undefined) {
    this.#maker = maker;
    this.#context = context;
    this.#attributes = draft.attributesWithin(maker.limits);
    this.#startMoment = draft.startMoment;
    this.kind = draft.kind;
    this.startTime = draft.startTime;
    this.name = this.#short(draft.name);
    this.parentSpanContext = parent as SpanContext;
    const { links } = draft;
    for (let i = 0; i < links.length; i++) this.#keepLink(links[i] as Link);
  }

  get resource(): Resource {
    return this.#maker.resource;
  }

  get instrumentationScope(): InstrumentationScope {
    return this.#maker.scope;
  }

  /** What is set so far, as an object of the caller's own until the next attribute is set. */
  get attributes(): Attributes {
    this.#asObject ??= this.#attributes.toObject();
    return this.#asObject;
  }

  /** Names and values in turn, to be read only. */
  get flatAttributes(): Readonly<FlatAttributes> {
    return this.#attributes.flat;
  }

  get droppedAttributesCount(): number {
    return this.#attributes.dropped;
  }

  get droppedEventsCount(): number {
    return this.#droppedEvents;
  }

  get droppedLinksCount(): number {
    return this.#droppedLinks;
  }

  get ended(): boolean {
    return this.#isEnded;
  }

  get duration(): HrTime {
    return this.#isEnded ? (durationBetween(this.startTime, this.endTime) ?? [0, 0]) : [-1, -1];
  }

  spanContext(): SpanContext {
    return this.#context;
  }

  isRecording(): boolean {
    return !this.#isEnded;
  }

  setAttribute(key: string, value: unknown): this {
    if (this.#isOver()) return this;
    this.#asObject = undefined;
    this.#attributes.set(key, value);
    return this;
  }

  setAttributes(attributes: Attributes): this {
    for (const key in attributes) if (Object.hasOwn(attributes, key)) this.setAttribute(key, attributes[key]);
    return this;
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    if (this.#isOver()) return this;
    const { limits } = this.#maker;
    const hasAttributes = !isTime(attributesOrTime);
    const at = isTime(time) || hasAttributes ? time : attributesOrTime;
    const event = {
      name: String(name),
      time: hrTimeOf(at, this.#startMoment),
      ...cleanEventAttributes(hasAttributes ? attributesOrTime : undefined, limits),
    };
    if (this.events === NO_EVENTS) this.events = [];
    this.events.push(event);
    if (this.events.length > limits.eventCountLimit) {
      this.events.shift();
      this.#droppedEvents += 1;
    }
    return this;
  }

  recordException(exception: Exception, time?: TimeInput): void {
    const attributes = exceptionAttributes(exception);
    if (attributes === undefined) diag.warn(`Failed to record an exception ${exception}`);
    else this.addEvent('exception', attributes, time);
  }

  addLink(link: Link): this {
    if (!this.#isOver()) this.#keepLink(link);
    return this;
  }

  addLinks(links: readonly Link[]): this {
    for (const link of links) this.addLink(link);
    return this;
  }

  /** OK is final, and UNSET changes nothing (OpenTelemetry trace API, "Set Status"). */
  setStatus({ code, message }: SpanStatus): this {
    if (this.#isOver() || code === SpanStatusCode.UNSET || this.status.code === SpanStatusCode.OK)
      return this;
    const hasMessage = code === SpanStatusCode.ERROR && typeof message === 'string';
    this.status = hasMessage ? { code, message: this.#short(message) } : { code };
    return this;
  }

  updateName(name: string): this {
    if (!this.#isOver()) this.name = this.#short(name);
    return this;
  }

  /** The first call counts. An end before the start becomes the start. */
  end(time?: TimeInput): void {
    if (this.#isOver()) return;
    const end = hrTimeOf(time, this.#startMoment);
    const isBackwards = durationBetween(this.startTime, end) === undefined;
    if (isBackwards) diag.warn('Inconsistent start and end time, startTime > endTime.', this.startTime, end);
    this.endTime = isBackwards ? this.startTime : end;
    this.#isEnded = true;
    this.#maker.ended(this);
  }

  #keepLink(link: Link): void {
    const { limits } = this.#maker;
    if (this.links === NO_LINKS) this.links = [];
    this.links.push(cleanLink(link, limits));
    if (this.links.length > limits.linkCountLimit) {
      this.links.shift();
      this.#droppedLinks += 1;
    }
  }

  /** JavaScript may hand over anything. */
  #short(given: string): string {
    const { limits } = this.#maker;
    const text = typeof given === 'string' ? given : String(given);
    return text.length > limits.nameLengthLimit ? limits.cut(text) : text;
  }

  #isOver(): boolean {
    if (this.#isEnded) {
      const { traceId, spanId } = this.#context;
      diag.warn(`Cannot change the ended span ${this.name} (trace ${traceId}, span ${spanId})`);
    }
    return this.#isEnded;
  }
}
