// The head samplers of OpenTelemetry's specification, as cheap as they can be: they are asked for every span.

import { type Context, SamplingDecision, type SpanContext, TraceFlags, trace } from '@opentelemetry/api';
import type { Sampler, SamplingResult } from '@opentelemetry/sdk-trace';
import { isValidContext } from '../shared/own-span-context.ts';

/** Decides by the parent and the trace id alone, so that nobody has to make attributes to show to it. */
export interface HeadSampler extends Sampler {
  readonly isHeadSampler: true;
  shouldSample(context: Context, traceId: string): SamplingResult;
  /** The same for whoever has looked for the parent already: a valid one, or none. */
  decide(parent: SpanContext | undefined, traceId: string): SamplingResult;
}

const KEEP: SamplingResult = Object.freeze({ decision: SamplingDecision.RECORD_AND_SAMPLED });
const DROP: SamplingResult = Object.freeze({ decision: SamplingDecision.NOT_RECORD });

export const alwaysOn: HeadSampler = {
  isHeadSampler: true,
  shouldSample: () => KEEP,
  decide: () => KEEP,
  toString: () => 'AlwaysOnSampler',
};

export const alwaysOff: HeadSampler = {
  isHeadSampler: true,
  shouldSample: () => DROP,
  decide: () => DROP,
  toString: () => 'AlwaysOffSampler',
};

/** The decision of the parent's span, and of `root` where there is none (OpenTelemetry trace SDK, "ParentBased"). */
export function parentBased(root: HeadSampler): HeadSampler {
  return {
    isHeadSampler: true,
    shouldSample(context, traceId) {
      const parent = trace.getSpanContext(context);
      return this.decide(parent !== undefined && isValidContext(parent) ? parent : undefined, traceId);
    },
    decide(parent, traceId) {
      if (parent === undefined) return root.decide(parent, traceId);
      return (parent.traceFlags & TraceFlags.SAMPLED) === 0 ? DROP : KEEP;
    },
    toString: () => `ParentBased{root=${root}}`,
  };
}

const LARGEST_WORD = 0xffffffff;

/**
 * Keeps the share `ratio`, from 0 to 1, of all traces ("TraceIdRatioBased"), the same ones that OpenTelemetry JS keeps
 * in other services: those in whose ids the four words, put together by exclusive or, are below that share of the largest.
 */
export function traceIdRatio(ratio: number): HeadSampler {
  const bound = ratio >= 1 ? LARGEST_WORD + 1 : Math.floor(Math.max(0, ratio) * LARGEST_WORD);
  return {
    isHeadSampler: true,
    shouldSample: (_context, traceId) => (foldedId(traceId) < bound ? KEEP : DROP),
    decide: (_parent, traceId) => (foldedId(traceId) < bound ? KEEP : DROP),
    toString: () => `TraceIdRatioBased{${ratio}}`,
  };
}

export function isHeadSampler(sampler: Sampler): sampler is HeadSampler {
  return (sampler as Partial<HeadSampler>).isHeadSampler === true;
}

/** Without `parseInt`, which leaves compiled code for each of the words. */
function foldedId(traceId: string): number {
  let folded = 0;
  for (let from = 0; from < 32; from += 8) folded ^= wordAt(traceId, from);
  return folded >>> 0;
}

/** Eight hexadecimal digits as a number of 32 bits. */
function wordAt(digits: string, from: number): number {
  let word = 0;
  for (let i = from; i < from + 8; i++) {
    const code = digits.charCodeAt(i);
    word = (word << 4) | (code < 0x3a ? code - 0x30 : (code | 0x20) - 0x57);
  }
  return word;
}
