// Plays random steps on random trees of spans and remembers what it did.

import { expect, jest } from '@jest/globals';
import { type Span, SpanKind, trace } from '@opentelemetry/api';
import fc from 'fast-check';
import { contextToPropagate } from '../../../src/shaping/index.ts';
import { contextOf, Shaped } from './shaped.ts';

const KINDS = [SpanKind.INTERNAL, SpanKind.INTERNAL, SpanKind.CLIENT, SpanKind.PRODUCER, SpanKind.CONSUMER];
const NAMES = ['read', 'read', 'write', 'call'];
const OUTCOMES = ['fine', 'fine', 'fine', 'error', 'exception', 'event', 'slow'] as const;

export const pick = fc.nat({ max: 1_000_000 });
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

export interface Made {
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
export class Play {
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

export function ancestors({ parent }: Made): Made[] {
  return parent === undefined ? [] : [parent, ...ancestors(parent)];
}

function nth<T>(list: readonly T[], index: number): T | undefined {
  return list[index % list.length];
}

const plays = fc.record({
  steps: fc.array(step, { maxLength: 120, size: 'max' }),
  budget: fc.nat(12),
  foldRuns: fc.boolean(),
  order: fc.nat(50),
});

/** Checks what must hold at the end of every play. */
export function forAll(check: (play: Play, budget: number) => void): void {
  fc.assert(
    fc.property(plays, ({ steps, budget, foldRuns, order }) => {
      const play = new Play(budget, foldRuns);
      play.run(steps, order);
      check(play, budget);
    }),
    { numRuns: 200 },
  );
}
