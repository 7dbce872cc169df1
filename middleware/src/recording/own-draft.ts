// How a span of our own listeners begins, whoever makes it.

import type { Attributes, Context, HrTime, Link, Span, SpanKind, Tracer } from '@opentelemetry/api';
import { type Moment, toHrTime } from '../shared/clock.ts';
import { AttributeList, type FlatAttributes } from './attribute-list.ts';
import type { Limits } from './limits.ts';
import { setOwn } from './own-property.ts';
import type { SpanDraft } from './recorded-span.ts';
import { RecordingTracer } from './recording-tracer.ts';

/** Its attributes are made where somebody wants them: not for a span that the sampler leaves out. */
export class OwnDraft<Subject> implements SpanDraft {
  declare readonly name: string;
  declare readonly kind: SpanKind;
  declare readonly links: readonly Link[];
  declare readonly startMoment: Moment;
  declare private readonly describe: (subject: Subject) => FlatAttributes;
  declare private readonly subject: Subject;

  /** @param describe makes valid attributes of the subject, names and values in turn, in an array that the span keeps */
  constructor(
    name: string,
    kind: SpanKind,
    startMoment: Moment,
    links: readonly Link[],
    describe: (subject: Subject) => FlatAttributes,
    subject: Subject,
  ) {
    this.name = name;
    this.kind = kind;
    this.links = links;
    this.startMoment = startMoment;
    this.describe = describe;
    this.subject = subject;
  }

  get startTime(): HrTime {
    return toHrTime(this.startMoment);
  }

  attributesWithin(limits: Limits): AttributeList {
    return new AttributeList(this.describe(this.subject), limits);
  }

  /** Starts the span with our own tracer or with somebody else's. */
  start(tracer: Tracer, parent: Context): Span {
    if (tracer instanceof RecordingTracer) return tracer.startDraft(this, parent);
    const { name, kind, links, startTime } = this;
    const attributes = objectOf(this.describe(this.subject));
    return tracer.startSpan(name, { kind, attributes, links: [...links], startTime }, parent);
  }
}

function objectOf(flat: FlatAttributes): Attributes {
  const attributes: Attributes = {};
  for (let i = 0; i < flat.length; i += 2) setOwn(attributes, flat[i] as string, flat[i + 1]);
  return attributes;
}
