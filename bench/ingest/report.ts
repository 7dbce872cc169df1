// Writes what was measured as RESULTS-ingest.md: tables, targets, and what could not be measured.
import { cpus, totalmem } from 'node:os';
import type { Audit, Figures, Plan } from './measure.ts';
import { targets } from './targets.ts';
import { SPANS_A_TRACE, TRACES_A_GROUP } from './traffic.ts';

export interface SubjectResult {
  readonly name: string;
  readonly missing: string | undefined;
  readonly version: string | undefined;
  readonly rounds: readonly Figures[];
}

export interface Results {
  readonly ours: SubjectResult;
  readonly file: SubjectResult;
  readonly first: SubjectResult;
  readonly jaeger: SubjectResult;
  readonly plan: Plan;
  readonly commit: string;
  readonly firstCommit: string | undefined;
  readonly isPinned: boolean;
  /** Load averages before and after. */
  readonly loads: readonly [number, number];
  readonly minutes: number;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

/** Median with the smallest and the largest. */
function spread(result: SubjectResult, of: (figures: Figures) => number, digits = 0): string {
  const sorted = result.rounds.map(of).sort((a, b) => a - b);
  const text = (index: number): string => (sorted[index] ?? Number.NaN).toFixed(digits);
  const middle = text(Math.floor((sorted.length - 1) / 2));
  return sorted.length === 1 ? middle : `${middle} [${text(0)}–${text(sorted.length - 1)}]`;
}

function auditText(audits: readonly Audit[]): string {
  const sent = audits.reduce((sum, audit) => sum + audit.sent, 0);
  const accounted = audits.reduce((sum, audit) => sum + audit.accounted, 0);
  const broken = audits.reduce((sum, { asked, whole }) => sum + asked - whole, 0);
  const books = sent === accounted ? `all ${sent}` : `**${accounted} of ${sent}**`;
  return broken === 0 ? books : `${books}; **${broken} traces not whole**`;
}

function refusedText(audits: readonly Audit[]): string {
  const counts = new Map<string, number>();
  for (const { refused } of audits) {
    for (const [status, count] of Object.entries(refused))
      counts.set(status, (counts.get(status) ?? 0) + count);
  }
  return counts.size === 0 ? '–' : [...counts].map(([status, count]) => `${count} × ${status}`).join(', ');
}

function floodRow(result: SubjectResult): string[] {
  if (result.missing !== undefined) return [result.name, '**not measured**', '', '', '', '', ''];
  return [
    result.name,
    spread(result, ({ speed }) => speed.spansPerSecond),
    `${spread(result, ({ speed }) => speed.cpuShare * 100)} %`,
    spread(result, ({ speed }) => speed.cpuUsPerSpan, 1),
    spread(result, ({ speed }) => speed.bytesPerSpan),
    spread(result, ({ speed }) => speed.bytesPerSpanAfter),
    auditText(result.rounds.map(({ audits }) => audits[0])),
  ];
}

function pacedRow(result: SubjectResult): string[] {
  if (result.missing !== undefined) return [result.name, '**not measured**', '', '', '', '', '', '', ''];
  const audits = result.rounds.map((figures) => figures.audits[1]);
  return [
    result.name,
    spread(result, ({ paced }) => paced.spansPerSecond),
    `${spread(result, ({ paced }) => paced.cpuShare * 100)} %`,
    spread(result, ({ paced }) => paced.p50Ms, 1),
    spread(result, ({ paced }) => paced.p99Ms, 1),
    spread(result, ({ paced }) => paced.maxMs, 1),
    String(result.rounds.reduce((sum, { paced }) => sum + paced.incomplete, 0)),
    refusedText(audits),
    auditText(audits),
  ];
}

function versionsText({ ours, first, jaeger, commit, firstCommit }: Results): string {
  return [
    `${ours.name}: commit ${commit}`,
    `${first.name}: ${firstCommit === undefined ? `NOT MEASURED, ${first.missing}` : `commit ${firstCommit}`}`,
    `${jaeger.name}: ${jaeger.missing === undefined ? jaeger.version : `NOT MEASURED, ${jaeger.missing}`}`,
  ]
    .map((line) => `- ${line}`)
    .join('\n');
}

function machineText({ isPinned, loads, minutes }: Results): string {
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const pinning = isPinned
    ? 'Each backend has one processor, with all its threads; load and questions have another one.'
    : 'There is no taskset here: backends were NOT kept on one processor.';
  return (
    `Node.js ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ` +
    `${gigabytes} GiB. ${pinning} Load average ${loads[0].toFixed(1)} before and ${loads[1].toFixed(1)} after: the run itself ` +
    `keeps about two processors busy; more than that was other work. The run took ${minutes.toFixed(0)} minutes.`
  );
}

export function report(results: Results): string {
  const { ours, file, first, jaeger, plan } = results;
  const rows = [ours, file, first, jaeger];
  const kept = plan.keptGroups * TRACES_A_GROUP;
  const flood = [
    'backend',
    'spans/s',
    'CPU',
    'CPU µs a span',
    'bytes a span',
    'after the flood',
    'spans accounted for',
  ];
  const paced = [
    'backend',
    'spans/s',
    'CPU',
    'p50 ms',
    'p99 ms',
    'max ms',
    'not whole',
    'refused',
    'spans accounted for',
  ];
  return `# How fast backends take spans in

Written by \`npm run bench:ingest\`; how it is measured is in [README.md](README.md).
Median [smallest–largest] of ${ours.rounds.length} rounds.

${machineText(results)}

${versionsText(results)}

## Targets

${table(['target', 'measured', ''], targets(results))}

## As many spans as it takes

${plan.floodBatches} requests of 512 spans on four connections, after as much has been stored as may be (${kept} traces of
${SPANS_A_TRACE} spans). *Bytes a span*: growth of resident memory from the start until then; *after the flood*: the same
when the flood has been through, of which only as much is kept. *CPU*: share of the backend's one processor; where it is
well below 100 %, other work was in the way, and CPU µs a span says how many spans one core takes.

${table(flood, rows.map(floodRow))}

## Answers of \`/api/traces/{id}\` meanwhile

${plan.pacedSpansPerSecond} spans/s are due, at random moments, for ${plan.pacedSeconds} seconds; 40 times a second one of the stored traces is
asked for, and timed from when it was due.

${table(paced, rows.map(pacedRow))}
`;
}
