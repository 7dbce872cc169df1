// Runs `longpole show`: every span of a trace, and all about some of them.
import type { TraceAnalysis } from '../../analysis/analyze-trace.ts';
import { nsToMs } from '../../trace/nanoseconds.ts';
import type { SpanNode } from '../../trace/node.ts';
import { headerOf } from '../bottleneck/trace-header.ts';
import { chooseSource } from '../choose-source.ts';
import { EXIT } from '../exit-codes.ts';
import { fenced, plainText } from '../output/markdown.ts';
import { checkFormat, type OutputFlags, type Result, writeResult } from '../output/write-result.ts';
import type { Paint } from '../paint.ts';
import { createPaint } from '../paint.ts';
import { printable } from '../printable.ts';
import { type OneFlags, readOne } from '../reading/read-one.ts';
import { isSelected, selectSpans } from '../span-selector.ts';
import type { Terminal } from '../terminal.ts';
import { drawWaterfall, legendOf } from '../waterfall/draw-waterfall.ts';
import { drawSpan } from './draw-span.ts';
import { type SpanJson, toSpansJson } from './span-details.ts';

/** Options of `longpole show` as the command line gives them. */
export interface ShowFlags extends OutputFlags, OneFlags {
  readonly source?: string;
  readonly span?: string;
}

/** What `--json` prints. */
export interface ShowJson {
  readonly traceId: string;
  /** ISO 8601; `null` when the root's start is no time. */
  readonly start: string | null;
  readonly durationMs: number;
  /** In the order of the tree; with `--span` only those that were asked for. */
  readonly spans: readonly SpanJson[];
  readonly warnings: readonly string[];
  readonly sentence: string;
}

const MARKDOWN_COLUMNS = 100;
const SHORTEST_ID = 4;

/** The spans that `--span` means: by their id or its beginning, else by name. */
function findSpans({ tree }: TraceAnalysis, text: string): readonly SpanNode[] {
  const start = text.toLowerCase();
  const isHex = /^[0-9a-f]+$/.test(start) && start.length >= SHORTEST_ID;
  const byId = isHex ? tree.nodes.filter(({ span }) => span.spanId.startsWith(start)) : [];
  if (byId.length > 0) return byId;
  const selector = selectSpans(text, '--span', tree.nodes);
  return tree.nodes.filter((node) => isSelected(node, selector));
}

function startOf({ tree }: TraceAnalysis): string | null {
  const start = new Date(nsToMs(tree.root?.span.startNs ?? 0n));
  return Number.isNaN(start.getTime()) ? null : start.toISOString();
}

function toText(analysis: TraceAnalysis, chosen: readonly SpanNode[], columns: number, paint: Paint): string {
  const waterfall = drawWaterfall(analysis, columns, paint, { isWhole: true });
  const details = toSpansJson(analysis);
  const warnings = analysis.warnings.map((one) => paint('yellow', `warning: ${printable(one.message)}`));
  return [
    ...headerOf(analysis).map((line) => paint('dim', line)),
    '',
    ...waterfall,
    '',
    ...legendOf(waterfall, columns).map((line) => paint('dim', line)),
    ...chosen.flatMap((node) => ['', ...drawSpan(node, details[node.index] as SpanJson, columns, paint)]),
    ...(warnings.length > 0 ? ['', ...warnings] : []),
    '',
    paint('bold', printable(analysis.sentence)),
  ].join('\n');
}

function showResult(analysis: TraceAnalysis, chosen: readonly SpanNode[], isAll: boolean): Result {
  const { tree, path, warnings, sentence } = analysis;
  return {
    text: (columns, paint) => toText(analysis, chosen, columns, paint),
    json: (): ShowJson => {
      const spans = toSpansJson(analysis);
      return {
        traceId: tree.traceId,
        start: startOf(analysis),
        durationMs: nsToMs(path.durationNs),
        spans: isAll ? spans : chosen.map((node) => spans[node.index] as SpanJson),
        warnings: warnings.map(({ message }) => message),
        sentence,
      };
    },
    markdown: () => {
      return `**${plainText(sentence)}**\n\n${fenced(toText(analysis, chosen, MARKDOWN_COLUMNS, createPaint(false)))}`;
    },
  };
}

/**
 * Resolves with the exit code.
 * @throws UsageError, SourceError, for the command line to report.
 */
export async function runShow(
  targets: readonly string[],
  flags: ShowFlags,
  terminal: Terminal,
): Promise<number> {
  checkFormat(flags);
  const analysis = await readOne(chooseSource(targets, flags.source, terminal), flags, terminal);
  const chosen = flags.span === undefined ? [] : findSpans(analysis, flags.span);
  writeResult(showResult(analysis, chosen, flags.span === undefined), flags, terminal);
  return EXIT.fine;
}
