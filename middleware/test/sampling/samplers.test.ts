// The head samplers decide as OpenTelemetry's own do, so that services with either keep the same traces.

import { describe, expect, it } from '@jest/globals';
import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import {
  alwaysOff,
  alwaysOn,
  isHeadSampler,
  parentBased,
  traceIdRatio,
} from '../../src/sampling/samplers.ts';
import { LEAN_ROOT } from '../../src/shared/lean-context.ts';

const id = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const ratios = fc.oneof(
  fc.double({ min: -0.5, max: 1.5, noNaN: true }),
  fc.constantFrom(0, 1e-9, 0.01, 0.5, 1),
);
const parents = fc.option(
  fc.record({
    traceId: id(32),
    spanId: id(16),
    traceFlags: fc.constantFrom(0, 1, 2, 3),
    isRemote: fc.boolean(),
  }),
);

const pairs = fc.oneof(
  fc.constant<[Sampler, Sampler]>([alwaysOn, new AlwaysOnSampler()]),
  fc.constant<[Sampler, Sampler]>([alwaysOff, new AlwaysOffSampler()]),
  ratios.map((ratio): [Sampler, Sampler] => [traceIdRatio(ratio), new TraceIdRatioBasedSampler(ratio)]),
  ratios.map((ratio): [Sampler, Sampler] => [
    parentBased(traceIdRatio(ratio)),
    new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
  ]),
);

describe('the head samplers', () => {
  it('keep the traces that OpenTelemetry’s samplers keep', () => {
    fc.assert(
      fc.property(pairs, id(32), parents, ([ours, theirs], traceId, parent) => {
        for (const root of [ROOT_CONTEXT, LEAN_ROOT]) {
          const context = parent === null ? root : trace.setSpanContext(root, parent);
          const decide = (sampler: Sampler): number =>
            sampler.shouldSample(context, traceId, 'work', SpanKind.SERVER, {}, []).decision;
          expect(decide(ours)).toBe(decide(theirs));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('keep the share that they are asked for', () => {
    const sampler = traceIdRatio(0.1);
    const random = fc.sample(id(32), { numRuns: 20_000, seed: 7 });
    const kept = random.filter((traceId) => sampler.shouldSample(ROOT_CONTEXT, traceId).decision === 2);
    expect(kept.length / random.length).toBeCloseTo(0.1, 1);
  });

  it('say of themselves what OpenTelemetry’s samplers say, for the start line', () => {
    expect(`${parentBased(traceIdRatio(0.25))}`).toBe('ParentBased{root=TraceIdRatioBased{0.25}}');
    expect(`${alwaysOff}`).toBe(`${new AlwaysOffSampler()}`);
  });

  it('are told from samplers that look at attributes', () => {
    expect(isHeadSampler(traceIdRatio(1))).toBe(true);
    expect(isHeadSampler(new AlwaysOnSampler())).toBe(false);
  });
});
