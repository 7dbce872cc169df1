// What `longpole bottleneck` prints: for people the waterfall, the warnings and the sentence; for machines JSON.
import type { TraceAnalysis } from '../../analysis/analyze-trace.ts';
import type { PartKind } from '../../analysis/critical-path.ts';
import { spansOnPath } from '../../analysis/path-spans.ts';
import { percentText } from '../../trace/duration-text.ts';
import { nsToMs } from '../../trace/nanoseconds.ts';
import { cutTo } from '../fit-text.ts';
import { fenced, plainText } from '../output/markdown.ts';
import { roundShare } from '../output/round-share.ts';
import { wrap } from '../output/wrap.ts';
import type { Result } from '../output/write-result.ts';
import { createPaint, type Paint } from '../paint.ts';
import { printable } from '../printable.ts';
import { drawWaterfall, legendOf } from '../waterfall/draw-waterfall.ts';
import { firstError } from '../waterfall/outcome.ts';
import { headerOf } from './trace-header.ts';

/** What `--json` prints. Times are milliseconds; `share` is 0 to 1; `startMs` counts from the root's start. */
export interface BottleneckJson {
  readonly traceId: string;
  readonly durationMs: number;
  /** `null` when the root took no measurable time. */
  readonly bottleneck: {
    /** What the time was spent in: `own` work, or the way between two services (`network`, …). */
    readonly kind: PartKind;
    readonly service: string;
    readonly operation: string;
    /** The service at the other end of a way; else the empty string. */
    readonly peer: string;
    readonly selfMs: number;
    readonly share: number;
  } | null;
  /** Each span on the path once; the `selfMs` add up to `durationMs`. */
  readonly criticalPath: readonly {
    readonly spanId: string;
    readonly service: string;
    readonly operation: string;
    readonly startMs: number;
    readonly selfMs: number;
  }[];
  /** Stretches of the path in which nothing was traced, from 10 ms and a hundredth of the duration on, the longest first. */
  readonly gaps: readonly {
    /** The span in which nothing was traced. */
    readonly spanId: string;
    readonly service: string;
    readonly operation: string;
    readonly startMs: number;
    readonly durationMs: number;
    readonly share: number;
    /** `180 ms in gateway before the call to payment: nothing traced`. */
    readonly sentence: string;
  }[];
  readonly warnings: readonly string[];
  readonly sentence: string;
}

/** A gap is told below the waterfall when it takes at least this share of the request. */
const LEAST_GAP_SHARE = 0.1;

function toGapsJson({ gaps, path }: TraceAnalysis): BottleneckJson['gaps'] {
  return gaps.map(({ node: { span }, startNs, durationNs, share, sentence }) => ({
    spanId: span.spanId,
    service: span.service,
    operation: span.name,
    startMs: nsToMs(startNs - path.startNs),
    durationMs: nsToMs(durationNs),
    share: roundShare(share),
    sentence,
  }));
}

/** `180 ms in gateway before the call to payment: nothing traced (45 %)`, when that is much of the request. */
function gapText({ gaps: [longest] }: TraceAnalysis): string | undefined {
  if (longest === undefined || longest.share < LEAST_GAP_SHARE) return undefined;
  return printable(`${longest.sentence} (${percentText(longest.share)})`);
}

/** The verdict as data. */
function toBottleneckJson(analysis: TraceAnalysis): BottleneckJson {
  const { tree, path, timeline, bottleneck, warnings, sentence } = analysis;
  return {
    traceId: tree.traceId,
    durationMs: nsToMs(path.durationNs),
    bottleneck:
      bottleneck === undefined
        ? null
        : {
            kind: bottleneck.kind,
            service: bottleneck.service,
            operation: bottleneck.operation,
            peer: bottleneck.peer,
            selfMs: nsToMs(bottleneck.selfNs),
            share: roundShare(bottleneck.share),
          },
    criticalPath: spansOnPath(path).map(({ node, selfNs }) => ({
      spanId: node.span.spanId,
      service: node.span.service,
      operation: node.span.name,
      startMs: nsToMs((timeline.starts[node.index] as bigint) - path.startNs),
      selfMs: nsToMs(selfNs),
    })),
    gaps: toGapsJson(analysis),
    warnings: warnings.map((warning) => warning.message),
    sentence,
  };
}

/** The verdict in lines of at most `columns` columns; warnings and the sentence, which comes last, may be longer. */
function toBottleneckText(analysis: TraceAnalysis, columns: number, paint: Paint): string {
  const waterfall = drawWaterfall(analysis, columns, paint);
  const warnings = analysis.warnings.map((one) => paint('yellow', `warning: ${printable(one.message)}`));
  const error = firstError(analysis.tree);
  const gap = gapText(analysis);
  const lines = [
    ...headerOf(analysis).map((line) => paint('dim', line)),
    '',
    ...waterfall,
    '',
    ...legendOf(waterfall, columns).map((line) => paint('dim', line)),
    ...(gap === undefined ? [] : ['', ...wrap(gap, columns, '')]),
    ...(error === undefined ? [] : ['', paint('red', cutTo(error, columns))]),
    ...(warnings.length > 0 ? ['', ...warnings] : []),
    '',
    paint('bold', printable(analysis.sentence)),
  ];
  return lines.join('\n');
}

const MARKDOWN_COLUMNS = 100;

function toBottleneckMarkdown(analysis: TraceAnalysis): string {
  const lines = toBottleneckText(analysis, MARKDOWN_COLUMNS, createPaint(false)).split('\n');
  const drawing = lines.slice(0, -2).join('\n');
  return `**${plainText(analysis.sentence)}**\n\n${fenced(drawing)}`;
}

/** The verdict on one trace in every format. */
export function traceResult(analysis: TraceAnalysis): Result {
  return {
    text: (columns, paint) => toBottleneckText(analysis, columns, paint),
    json: () => toBottleneckJson(analysis),
    markdown: () => toBottleneckMarkdown(analysis),
  };
}
