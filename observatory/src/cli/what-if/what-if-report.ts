// What `longpole what-if` prints: each change with the new duration, and what holds the request up then.
import type { TraceAnalysis } from '../../analysis/analyze-trace.ts';
import { groupText, type PathGroup } from '../../analysis/bottleneck.ts';
import { durationText, percentText } from '../../trace/duration-text.ts';
import { nsToMs, shareOf } from '../../trace/nanoseconds.ts';
import { headerOf } from '../bottleneck/trace-header.ts';
import { codeText, markdownTable, plainText } from '../output/markdown.ts';
import { roundShare } from '../output/round-share.ts';
import { drawTable, type TableColumn } from '../output/table.ts';
import type { Result } from '../output/write-result.ts';
import { printable } from '../printable.ts';
import type { Step } from './replay-changes.ts';

/** What a trace would have been. */
export interface WhatIfReport {
  readonly analysis: TraceAnalysis;
  readonly steps: readonly Step[];
  /** Whether each step stands for itself; else each starts from what the one before it left. */
  readonly isSuggestion: boolean;
}

/** What holds the request up after a change. `share` is 0 to 1. */
export interface NextBottleneckJson extends Pick<PathGroup, 'kind' | 'service' | 'operation' | 'peer'> {
  readonly selfMs: number;
  readonly share: number;
}

/** What `--json` prints. Times are milliseconds. */
export interface WhatIfJson {
  readonly traceId: string;
  /** As the trace was. */
  readonly durationMs: number;
  readonly bottleneck: NextBottleneckJson | null;
  /** In the order in which they were made; without any option each on its own, the best first. */
  readonly changes: readonly {
    readonly kind: 'scale' | 'remove' | 'parallel';
    readonly service: string | null;
    readonly operation: string | null;
    /** Of `scale`; else `null`. */
    readonly factor: number | null;
    /** How many spans were changed, not counting those below them. */
    readonly spans: number;
    readonly beforeMs: number;
    readonly afterMs: number;
    readonly bottleneck: NextBottleneckJson | null;
    readonly sentence: string;
  }[];
  /** After all of the changes; without any option as the trace was. */
  readonly afterMs: number;
  readonly sentence: string;
}

const COLUMNS: readonly TableColumn[] = [
  { title: 'what if', gives: true },
  { title: 'takes', align: 'right' },
  { title: 'saves', align: 'right' },
  { title: 'share', align: 'right' },
  { title: 'then holds it up', gives: true },
];

function toNext(group: PathGroup | undefined): NextBottleneckJson | null {
  if (group === undefined) return null;
  const { kind, service, operation, peer, selfNs, share } = group;
  return { kind, service, operation, peer, selfMs: nsToMs(selfNs), share: roundShare(share) };
}

function numbersOf({ result: { beforeNs, afterNs } }: Step): string[] {
  const savedNs = beforeNs - afterNs;
  const share =
    savedNs < 0n ? `-${percentText(shareOf(-savedNs, beforeNs))}` : percentText(shareOf(savedNs, beforeNs));
  return [durationText(afterNs), durationText(savedNs), share];
}

function nextText({ result: { bottleneck } }: Step): string {
  return bottleneck === undefined ? 'nothing' : groupText(bottleneck);
}

/** `With payment × 0.04, without notify`, `Without notify, with payment × 0.04`. */
function changesText(steps: readonly Step[]): string {
  const texts = steps.map(({ text, result }, i) => {
    const isFirst = i === 0 || steps[i - 1]?.result.change.kind === 'remove';
    return result.change.kind !== 'remove' && isFirst ? `with ${text}` : text;
  });
  const [first = '', ...rest] = texts.join(', ');
  return first.toUpperCase() + rest.join('');
}

/** All changes together: the sentence of a single one knows only of the duration before it. */
function togetherSentence({ analysis, steps }: WhatIfReport, last: Step): string {
  const { path } = analysis;
  const { afterNs, bottleneck } = last.result;
  const operation = path.root?.span.name || '(no name)';
  const times = `${durationText(afterNs)} instead of ${durationText(path.durationNs)}`;
  const next =
    bottleneck === undefined
      ? ''
      : `; then ${groupText(bottleneck)} holds it up: ${durationText(bottleneck.selfNs)} (${percentText(bottleneck.share)})`;
  return `${changesText(steps)}, ${operation} takes ${times}${next}`;
}

function sentenceOf(report: WhatIfReport): string {
  const { analysis, steps, isSuggestion } = report;
  const said = isSuggestion ? steps[0] : steps.at(-1);
  if (said === undefined) return analysis.sentence;
  return isSuggestion || steps.length === 1 ? said.result.sentence : togetherSentence(report, said);
}

function toJson(report: WhatIfReport): WhatIfJson {
  const { analysis, steps, isSuggestion } = report;
  const { tree, path, bottleneck } = analysis;
  const last = isSuggestion ? undefined : steps.at(-1)?.result;
  return {
    traceId: tree.traceId,
    durationMs: nsToMs(path.durationNs),
    bottleneck: toNext(bottleneck),
    changes: steps.map(({ result }) => ({
      kind: result.change.kind,
      service: result.change.match.service ?? null,
      operation: result.change.match.operation ?? null,
      factor: result.change.kind === 'scale' ? result.change.factor : null,
      spans: result.changed.length,
      beforeMs: nsToMs(result.beforeNs),
      afterMs: nsToMs(result.afterNs),
      bottleneck: toNext(result.bottleneck),
      sentence: result.sentence,
    })),
    afterMs: nsToMs(last?.afterNs ?? path.durationNs),
    sentence: sentenceOf(report),
  };
}

/** The answer in every format. */
export function whatIfResult(report: WhatIfReport): Result {
  const { analysis, steps } = report;
  const now = `as it was: ${durationText(analysis.path.durationNs)}`;
  return {
    text: (columns, paint) => {
      const rows = steps.map((step) => [printable(step.text), ...numbersOf(step), printable(nextText(step))]);
      const [titles = '', ...table] = drawTable(COLUMNS, rows, columns);
      const head = headerOf(analysis).map((line) => paint('dim', line));
      const body = steps.length === 0 ? [] : ['', paint('dim', titles), ...table];
      return [
        ...head,
        '',
        now,
        printable(analysis.sentence),
        ...body,
        '',
        paint('bold', printable(sentenceOf(report))),
      ].join('\n');
    },
    json: () => toJson(report),
    markdown: () => {
      const columns = COLUMNS.map(({ title, align }) => ({ title, isNumber: align === 'right' }));
      const rows = steps.map((step) => [
        codeText(step.text),
        ...numbersOf(step).map(plainText),
        codeText(nextText(step)),
      ]);
      const lead = `Trace ${codeText(analysis.tree.traceId)}: ${plainText(analysis.sentence)}`;
      return [`**${plainText(sentenceOf(report))}**`, lead, markdownTable(columns, rows)].join('\n\n');
    },
  };
}
