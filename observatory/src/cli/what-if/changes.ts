// The changes of `longpole what-if`, as they are written on the command line.
import type { TraceAnalysis } from '../../analysis/analyze-trace.ts';
import type { Change } from '../../analysis/what-if.ts';
import { selectSpans } from '../span-selector.ts';
import { UsageError } from '../usage-error.ts';

/** A change as it was written: `--scale payment=0.5`. */
export interface ChangeText {
  readonly kind: Change['kind'];
  readonly text: string;
}

function wrongFactor(text: string, factor: string): UsageError {
  const problem =
    factor === ''
      ? 'has no factor'
      : `has the factor ${JSON.stringify(factor)}, which is no number from 0 on`;
  return new UsageError(
    `--scale ${JSON.stringify(text)} ${problem}: write --scale 'payment=0.5', which halves payment.`,
  );
}

function parseScale(text: string): { spans: string; factor: number } {
  const at = text.lastIndexOf('=');
  const written = at < 0 ? '' : text.slice(at + 1).trim();
  const factor = Number(written);
  if (written === '' || !Number.isFinite(factor) || factor < 0) throw wrongFactor(text, written);
  return { spans: text.slice(0, at).trim(), factor };
}

/** Checks what can be checked before a trace is read. @throws UsageError */
export function checkChanges(changes: readonly ChangeText[]): void {
  for (const { kind, text } of changes) if (kind === 'scale') parseScale(text);
}

/**
 * The change that a text means in a trace.
 * @throws UsageError when no span is meant or a factor is missing.
 */
export function toChange({ kind, text }: ChangeText, { tree }: TraceAnalysis): Change {
  if (kind !== 'scale') return { kind, match: selectSpans(text, `--${kind}`, tree.nodes) };
  const { spans, factor } = parseScale(text);
  return { kind, match: selectSpans(spans, '--scale', tree.nodes), factor };
}
