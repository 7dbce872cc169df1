// What is wrong with a trace, as data and in words.
import { countText } from './duration-text.ts';
import type { Span } from './span.ts';

/** Stable codes of the ways in which a trace can be broken. */
export type WarningCode =
  | 'duplicate-spans'
  | 'missing-root'
  | 'missing-parent'
  | 'several-roots'
  | 'parent-cycle'
  | 'ends-before-start'
  | 'starts-before-parent'
  | 'clock-skew'
  | 'lost-context';

/** One kind of breakage in a trace: a sentence for people and the spans it is about. */
export interface TraceWarning {
  readonly code: WarningCode;
  readonly message: string;
  readonly spanIds: readonly string[];
}

const SHOWN = 3;

/** `service · name`, as spans are called in sentences. */
export function spanText(span: Span): string {
  return `${span.service} · ${span.name === '' ? '(no name)' : span.name}`;
}

/** The first few spans by name, and how many more there are. */
function spansText(spans: readonly Span[]): string {
  const shown = spans.slice(0, SHOWN).map(spanText).join(', ');
  const more = spans.length - SHOWN;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** A warning about spans; none when there are no spans. */
export function warnAbout(
  code: WarningCode,
  spans: readonly Span[],
  say: (subject: string, names: string) => string,
): TraceWarning[] {
  if (spans.length === 0) return [];
  const message = say(countText(spans.length, 'span'), spansText(spans));
  return [{ code, message, spanIds: spans.map((span) => span.spanId) }];
}
