// What is known of a span is found by its context, whoever has made that, and shows nowhere else.

import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { type SpanContext, SpanKind, TraceFlags } from '@opentelemetry/api';
import { nodeOf, remember } from '../../src/shaping/known-spans.ts';
import { LocalRoot } from '../../src/shaping/local-root.ts';
import { SpanNode } from '../../src/shaping/span-node.ts';
import { OwnSpanContext } from '../../src/shared/own-span-context.ts';

const IDS = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: '00f067aa0ba902b7' };
const nobody = { release: () => undefined };

const own = (flags: TraceFlags): SpanContext =>
  new OwnSpanContext(IDS.traceId, IDS.spanId, flags, undefined, undefined);
const foreign = (traceFlags: TraceFlags): SpanContext => Object.freeze({ ...IDS, traceFlags });

function known(context: SpanContext): SpanNode {
  const root = new LocalRoot(nobody, context, SpanKind.SERVER, Infinity);
  const node = new SpanNode(root, context, undefined, true);
  remember(node);
  return node;
}

describe.each([
  ['a span context of our own', own],
  ['a span context of somebody else', foreign],
])('%s', (_whose, contextWith) => {
  it('leads to what is known of the span', () => {
    const context = contextWith(TraceFlags.SAMPLED);
    expect(nodeOf(context)).toBeUndefined();
    const node = known(context);
    expect(nodeOf(context)).toBe(node);
    expect(nodeOf({ ...context })).toBeUndefined();
  });

  it('looks the same as before', () => {
    const context = contextWith(TraceFlags.SAMPLED);
    const before = [inspect(context), JSON.stringify(context), Reflect.ownKeys(context)];
    known(context);
    expect([inspect(context), JSON.stringify(context), Reflect.ownKeys(context)]).toEqual(before);
  });

  it('leads to nothing where the span is not sampled', () => {
    const context = contextWith(TraceFlags.NONE);
    known(context);
    expect(nodeOf(context)).toBeUndefined();
  });
});
