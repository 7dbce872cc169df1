// What taking spans in must reach, and whether it did.
import type { Figures } from './measure.ts';
import type { Results, SubjectResult } from './report.ts';

const SPANS_PER_SECOND = 60_000;
const P99_MS = 20;
const TIMES_FIRST = 2;
const TIMES_JAEGER = 2;

type Row = [target: string, measured: string, verdict: string];

function verdict(isMet: boolean): string {
  return isMet ? 'met' : '**not met**';
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}

/** Median over the rounds of one figure by the same figure of another backend in the same round. */
function ratio(ours: SubjectResult, other: SubjectResult, of: (figures: Figures) => number): number {
  return median(ours.rounds.map((figures, round) => of(figures) / of(other.rounds[round] as Figures)));
}

function ratioRow(
  target: string,
  ours: SubjectResult,
  other: SubjectResult,
  of: (figures: Figures) => number,
  isMet: (value: number) => boolean,
): Row {
  if (other.missing !== undefined) return [target, 'not measured', `**unknown**: ${other.missing}`];
  const value = ratio(ours, other, of);
  return [target, `${value.toFixed(2)}×`, verdict(isMet(value))];
}

function isAccounted({ rounds }: SubjectResult): boolean {
  const audits = rounds.flatMap((figures) => figures.audits);
  return audits.every(({ sent, accounted, asked, whole }) => sent === accounted && asked === whole);
}

export function targets({ ours, file, first, jaeger }: Results): Row[] {
  const perSecond = median(ours.rounds.map(({ speed }) => speed.spansPerSecond));
  const pacedPerSecond = median(ours.rounds.map(({ paced }) => paced.spansPerSecond));
  const p99Ms = median(ours.rounds.map(({ paced }) => paced.p99Ms));
  // Random moments: as many are sent as are due, a little sooner or later.
  const keepsUp = pacedPerSecond > SPANS_PER_SECOND * 0.97;
  const isWhole = isAccounted(ours) && isAccounted(file);
  return [
    [
      'at least 60 000 spans/s on one core',
      `${Math.round(perSecond)}`,
      verdict(perSecond >= SPANS_PER_SECOND),
    ],
    [
      `\`/api/traces/{id}\` under ${P99_MS} ms (p99) at 60 000 spans/s`,
      `${p99Ms.toFixed(1)} ms at ${Math.round(pacedPerSecond)} spans/s`,
      verdict(p99Ms < P99_MS && keepsUp),
    ],
    ratioRow(
      'at least twice the spans of the first version by second of CPU',
      ours,
      first,
      ({ speed }) => 1 / speed.cpuUsPerSpan,
      (value) => value >= TIMES_FIRST,
    ),
    ratioRow(
      'CPU of a span at most twice that of Jaeger',
      ours,
      jaeger,
      ({ speed }) => speed.cpuUsPerSpan,
      (value) => value <= TIMES_JAEGER,
    ),
    ratioRow(
      'memory of a span at most twice that of Jaeger',
      ours,
      jaeger,
      ({ speed }) => speed.bytesPerSpan,
      (value) => value <= TIMES_JAEGER,
    ),
    ['every span is accounted for, in memory and with a file', isWhole ? 'all' : 'not all', verdict(isWhole)],
  ];
}
