// toHaveAttributes(): the request's own span, one of a given name, or a span itself has these attributes.

import type { CapturedSpan, CapturedTrace } from '../captured.ts';
import type { Mark } from '../drawing/draw-trace.ts';
import { isExpectedAttributes } from '../matching/checks.ts';
import { attributeMismatches, type ExpectedAttributes } from '../matching/span-query.ts';
import { matchesValue } from '../matching/value.ts';
import { type TraceView, type ViewNode, viewOf } from '../view/trace-view.ts';
import { argumentError } from './argument-error.ts';
import { didYouMean } from './did-you-mean.ts';
import { givenTrace, isSpan } from './given-trace.ts';
import { list, type MatcherResult, plural, result } from './result.ts';

const OWNER = 'toHaveAttributes()';

/** `toHaveAttributes({ … })` is about the root of the trace; `toHaveAttributes('POST /charges', { … })` about a span of that name. */
export function toHaveAttributes(
  received: unknown,
  nameOrExpected: string | RegExp | ExpectedAttributes,
  maybeExpected?: ExpectedAttributes,
): MatcherResult {
  const view = isSpan(received) ? viewOf(traceOfOne(received)) : givenTrace(OWNER, received);
  const call = { matcher: 'toHaveAttributes', args: [nameOrExpected, maybeExpected] };
  const name = maybeExpected === undefined ? undefined : (nameOrExpected as string | RegExp);
  const expected = (maybeExpected ?? nameOrExpected) as ExpectedAttributes;
  const wrong = isExpectedAttributes(expected);
  if (wrong !== undefined) throw argumentError(OWNER, expected, wrong);
  if (Object.keys(expected).length === 0)
    throw argumentError(OWNER, expected, 'expected at least one attribute');
  const asked = askedSpans(view, name);
  const marks = asked.map((node) => ({
    node,
    notes: attributeMismatches(node.span, expected).map(({ note }) => note),
  }));
  const found = marks.filter(({ notes }) => notes.length === 0);
  const pass = found.length > 0;
  if (pass)
    return result(call, view, {
      pass,
      say: () => ['Expected other attributes, but it has these.'],
      marks: () => signed(found, '✗'),
    });
  return result(call, view, {
    pass,
    say: () => [sayMissing(view, name, marks)],
    marks: () => signed(marks.slice(0, 3), '→'),
  });
}

function askedSpans(view: TraceView, name: string | RegExp | undefined): readonly ViewNode[] {
  return name === undefined
    ? view.roots.slice(0, 1)
    : view.nodes.filter(({ span }) => matchesValue(span.name, name));
}

function signed(marks: readonly Pick<Mark, 'node' | 'notes'>[], sign: Mark['sign']): Mark[] {
  return marks.map(({ node, notes }) => ({ node, notes, sign }));
}

function sayMissing(
  view: TraceView,
  name: string | RegExp | undefined,
  marks: readonly Pick<Mark, 'notes'>[],
): string {
  const [first] = marks;
  if (first === undefined) {
    const names = view.nodes.map(({ span }) => span.name);
    return name === undefined
      ? 'The trace has no spans.'
      : `No span is named ${list([name])}.${didYouMean(name, names)}`;
  }
  const differs = `in ${plural(first.notes.length, 'attribute')}:`;
  if (marks.length > 1)
    return `None of ${plural(marks.length, 'span')} has the attributes; the first differs ${differs}`;
  return `${name === undefined ? 'The root of the trace' : 'The span'} differs ${differs}`;
}

/** A trace of the one span, to be drawn. */
function traceOfOne(span: CapturedSpan): CapturedTrace {
  const roots = [{ span, children: [] }];
  return {
    traceId: span.traceId,
    spans: [span],
    roots,
    services: [span.service],
    isComplete: true,
    inFlight: [],
  };
}
