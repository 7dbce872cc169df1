// Says on standard error which limits are broken, with the actual value, or could not be judged.
import type { BrokenLimit } from '../../analysis/limits/index.ts';
import { EXIT } from '../exit-codes.ts';
import { printable } from '../printable.ts';
import type { Terminal } from '../terminal.ts';
import { plainText } from './markdown.ts';

/** A limit that did not hold, as `--json` prints it. */
export interface LimitJson {
  /** As it was written. */
  readonly limit: string;
  /** `unjudged` when there were too few traces; that does not pass either. */
  readonly reason: 'broken' | 'unjudged';
  readonly route: { readonly service: string; readonly operation: string } | null;
  /** In words, `940 ms`; `null` when there is none. */
  readonly actual: string | null;
  readonly sentence: string;
}

const LEADS = { broken: 'broken', unjudged: 'not judged' } as const;

/** The limits that did not hold as data. */
export function toLimitsJson(broken: readonly BrokenLimit[]): LimitJson[] {
  return broken.map(({ limit, reason, route, actual, sentence }) => ({
    limit: limit.text,
    reason,
    route: route === undefined ? null : { service: route.service, operation: route.operation },
    actual: actual ?? null,
    sentence,
  }));
}

/** The limits that did not hold as a list in Markdown, with an empty line before it; nothing when all held. */
export function limitsMarkdown(broken: readonly BrokenLimit[]): string[] {
  const items = broken.map(({ reason, sentence }) => `- **${LEADS[reason]}:** ${plainText(sentence)}`);
  return items.length === 0 ? [] : ['', ...items];
}

/** Writes the limits that did not hold and gives the exit code. */
export function reportLimits(broken: readonly BrokenLimit[], { stderr }: Terminal): number {
  for (const { reason, sentence } of broken) stderr.write(`${printable(`${LEADS[reason]}: ${sentence}`)}\n`);
  return broken.length > 0 ? EXIT.broken : EXIT.fine;
}
