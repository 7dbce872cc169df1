// What holds for every tree of spans, whatever starts, ends and fails in whatever order.

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Span, SpanKind, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { contextToPropagate } from '../../src/shaping/index.ts';
import { accountedFor, contextOf, orphans, Shaped } from './support/shaped.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const KINDS = [SpanKind.INTERNAL, SpanKind.INTERNAL, SpanKind.CLIENT, SpanKind.PRODUCER, SpanKind.CONSUMER];
const NAMES = ['read', 'read', 'write', 'call'];
const OUTCOMES = ['fine', 'fine', 'fine', 'error', 'exception', 'event', 'slow'] as const;

const pick = fc.nat({ max: 1_000_000 });
const step = fc.oneof(
  { weight: 1, arbitrary: fc.record({ do: fc.constant('request' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('child' as const), of: pick, kind: pick, name: pick }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('end' as const), of: pick, how: fc.constantFrom(...OUTCOMES) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('loop' as const), of: pick, name: pick, count: fc.nat(9) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('send' as const), of: pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('flush' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(2500) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface Made {
  readonly span: Span;
  readonly name: string;
  readonly kind: SpanKind;
  readonly request: number;
  readonly parent: Made | undefined;
  readonly isLate: boolean;
  hasEnded: boolean;
  hasFailed: boolean;
  /** No span above it was open any more at its end. */
  endedAlone: boolean;
}

/** Plays random steps; afterwards ends all that is open and lets go of all that is held. */
class Play {
  readonly world: Shaped;
  readonly made: Made[] = [];
  readonly sent: string[] = [];
  readonly roots: Made[] = [];
  #ended = 0;

  constructor(spanBudget: number, foldRuns: boolean) {
    this.world = new Shaped({ spanBudget, foldRuns });
  }

  run(steps: readonly Step[], order: number): void {
    this.#start(undefined, SpanKind.SERVER, 'request');
    for (const each of steps) {
      this.world.nowMs += 1;
      this.#play(each);
      if (this.#accounted() !== this.#ended) throw new Error(`${this.#ended} have ended`);
    }
    const open = this.#open();
    for (let i = 0; i < open.length; i += 1) this.#end(open[(i + order) % open.length], 'fine');
    this.world.shaper.releaseHeld();
  }

  #play(each: Step): void {
    if (each.do === 'request') this.#start(undefined, SpanKind.SERVER, 'request');
    else if (each.do === 'flush') this.world.shaper.releaseHeld();
    else if (each.do === 'wait') jest.advanceTimersByTime(each.ms);
    else if (each.do === 'end') this.#end(nth(this.#open(), each.of), each.how);
    else if (each.do === 'child')
      this.#start(nth(this.made, each.of), nth(KINDS, each.kind), nth(NAMES, each.name));
    else if (each.do === 'send') this.#send(nth(this.made, each.of));
    else
      for (let i = 0; i < each.count; i += 1)
        this.#end(this.#start(nth(this.made, each.of), SpanKind.INTERNAL, nth(NAMES, each.name)), 'fine');
  }

  #start(parent: Made | undefined, kind = SpanKind.INTERNAL, name = 'read'): Made {
    const request = parent?.request ?? this.roots.length;
    const fullName = `${request} ${name}`;
    const span = this.world.start(fullName, parent?.span, { kind });
    const isLate = parent !== undefined && this.roots[request]?.hasEnded === true;
    const made = {
      span,
      name: fullName,
      kind,
      request,
      parent,
      isLate,
      hasEnded: false,
      hasFailed: false,
      endedAlone: false,
    };
    if (parent === undefined) this.roots.push(made);
    this.made.push(made);
    return made;
  }

  #end(made: Made | undefined, how: (typeof OUTCOMES)[number]): void {
    if (made === undefined) return;
    if (how === 'error') made.span.setStatus({ code: 2 });
    if (how === 'exception') made.span.recordException(new Error('no'));
    if (how === 'event') made.span.addEvent('something');
    made.hasFailed = how === 'error' || how === 'exception';
    made.endedAlone = ancestors(made).every(({ hasEnded }) => hasEnded);
    made.hasEnded = true;
    this.#ended += 1;
    this.world.end(made.span, how === 'slow' ? 20 : 0);
  }

  #send(made: Made | undefined): void {
    if (made === undefined) return;
    const sent = trace.getSpanContext(contextToPropagate(contextOf(made.span)));
    expect(sent?.traceId).toBe(made.span.spanContext().traceId);
    this.sent.push(sent?.spanId ?? '');
  }

  #open(): Made[] {
    return this.made.filter(({ hasEnded }) => !hasEnded);
  }

  /** Every ended span is in one of four places. */
  #accounted(): number {
    const { spanBudget, folded, held } = this.world.shaper.counts();
    return this.world.sink.spans.length + spanBudget + folded + held;
  }
}

function ancestors({ parent }: Made): Made[] {
  return parent === undefined ? [] : [parent, ...ancestors(parent)];
}

function nth<T>(list: readonly T[], index: number): T | undefined {
  return list[index % list.length];
}

const ids = (spans: readonly ReadableSpan[]): Set<string> =>
  new Set(spans.map((span) => span.spanContext().spanId));

const plays = fc.record({
  steps: fc.array(step, { maxLength: 120, size: 'max' }),
  budget: fc.nat(12),
  foldRuns: fc.boolean(),
  order: fc.nat(50),
});

function forAll(check: (play: Play, budget: number) => void): void {
  fc.assert(
    fc.property(plays, ({ steps, budget, foldRuns, order }) => {
      const play = new Play(budget, foldRuns);
      play.run(steps, order);
      check(play, budget);
    }),
    { numRuns: 200 },
  );
}

describe('for every tree of spans', () => {
  it('no exported span has a parent that is not, and none is exported twice', () => {
    forAll(({ world: { sink } }) => {
      expect(orphans(sink.spans)).toEqual([]);
      expect(ids(sink.spans).size).toBe(sink.spans.length);
    });
  });

  it('whatever was sent to another process is exported', () => {
    forAll(({ world: { sink }, sent }) => {
      const exported = ids(sink.spans);
      expect(sent.filter((id) => !exported.has(id))).toEqual([]);
    });
  });

  it('the counts add up by name and request, and so do those of the processor', () => {
    forAll(({ world: { sink, shaper }, made }) => {
      const expected: Record<string, number> = {};
      for (const { name } of made) expected[name] = (expected[name] ?? 0) + 1;
      expect(accountedFor(sink.spans)).toEqual(expected);
      const { spanBudget, folded, held } = shaper.counts();
      expect({ held, rest: spanBudget + folded }).toEqual({ held: 0, rest: made.length - sink.spans.length });
    });
  });

  it('errors, SERVER, PRODUCER and CONSUMER spans are all there', () => {
    forAll(({ world: { sink }, made }) => {
      const exported = ids(sink.spans);
      const needed = made.filter(({ kind, hasFailed }) => hasFailed || !isDroppable(kind));
      expect(needed.filter(({ span }) => !exported.has(span.spanContext().spanId))).toEqual([]);
    });
  });

  it('no request exports more than its budget of others, while there is a span to take the counts', () => {
    forAll(({ world: { sink }, made, roots }, budget) => {
      const exported = ids(sink.spans);
      const needed = made.filter(({ kind, hasFailed }) => hasFailed || !isDroppable(kind));
      const excepted = new Set([...needed, ...needed.flatMap(ancestors)]);
      for (const root of roots) {
        const ordinary = made.filter(
          (each) =>
            each.request === root.request &&
            exported.has(each.span.spanContext().spanId) &&
            !excepted.has(each) &&
            !each.endedAlone,
        );
        if (budget > 0) expect(ordinary.length).toBeLessThan(budget);
      }
    });
  });

  it('exactly those that start after the response are marked', () => {
    forAll(({ world: { sink }, made }) => {
      const marked = new Set(
        sink.spans
          .filter(({ attributes }) => attributes['longpole.after_response'] === true)
          .map((span) => span.spanContext().spanId),
      );
      const exported = ids(sink.spans);
      for (const { span, kind, isLate } of made) {
        const { spanId } = span.spanContext();
        if (!exported.has(spanId) || isFolded(spanId, sink.spans)) continue;
        expect(marked.has(spanId)).toBe(isLate && kind !== SpanKind.CONSUMER);
      }
    });
  });

  it('spans of one request stay with it', () => {
    forAll(({ world: { sink }, roots }) => {
      for (const span of sink.spans) {
        const root = roots[Number(span.name.split(' ')[0])];
        expect(span.spanContext().traceId).toBe(root?.span.spanContext().traceId);
        const names = (span.attributes['longpole.dropped_span_names'] ?? []) as string[];
        for (const name of names) expect(name.split(' ')[0]).toBe(span.name.split(' ')[0]);
      }
    });
  });
});

describe('for every request without errors and messages', () => {
  it('exactly the spans that started first are exported', () => {
    const steps = fc.array(fc.record({ of: pick, ends: fc.boolean() }), { maxLength: 80, size: 'max' });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 20 }), (all, spanBudget) => {
        const world = new Shaped({ spanBudget, foldRuns: false });
        const open = [world.request()];
        const started = [...open];
        for (const { of, ends } of all) {
          const at = of % open.length;
          if (ends && at > 0) for (const span of open.splice(at, 1)) world.end(span);
          else {
            const child = world.start(`step ${started.length}`, open[at]);
            open.push(child);
            started.push(child);
          }
        }
        for (const span of open.reverse()) world.end(span);
        const first = started.slice(0, spanBudget).map((span) => span.spanContext().spanId);
        expect([...ids(world.sink.spans)].sort()).toEqual(first.sort());
      }),
    );
  });
});

function isDroppable(kind: SpanKind): boolean {
  return kind === SpanKind.INTERNAL || kind === SpanKind.CLIENT;
}

/** A folded span has the mark only if all have it that it stands for. */
function isFolded(spanId: string, spans: readonly ReadableSpan[]): boolean {
  const span = spans.find((each) => each.spanContext().spanId === spanId);
  return span?.attributes['longpole.folded.count'] !== undefined;
}
