// Compares what Longpole says of a row with what it has to say.
import type { Finding, RouteVerdict } from './ask-longpole.ts';
import type { Operation, Row } from './rows.ts';

/** What was seen of a row. */
export interface Seen {
  /** Status of each checkout. */
  readonly statuses: readonly number[];
  readonly verdict: RouteVerdict | undefined;
  readonly findings: readonly Finding[];
}

/** The share of the traces that must agree with the verdict on all of them. */
const LEAST_AGREEMENT = 0.7;

/** What is wrong, a sentence each; nothing when the verdict names the row's fault and nothing else. */
export function judge(row: Row, { statuses, verdict, findings }: Seen): string[] {
  const status = row.status ?? 201;
  const others = statuses.filter((one) => one !== status);
  return [
    ...(others.length === 0
      ? []
      : [
          `${others.length} of ${statuses.length} checkouts ended with ${[...new Set(others)].join(', ')} instead of ${status}`,
        ]),
    ...(row.bottleneck === null ? [] : judgeVerdict(row.bottleneck, statuses.length, verdict)),
    ...judgeFindings(row.finding, findings),
  ];
}

function judgeVerdict(wanted: Operation, sent: number, verdict: RouteVerdict | undefined): string[] {
  if (verdict === undefined) return ['there is no verdict on the route'];
  const complaints: string[] = [];
  if (nameOf(verdict) !== nameOf(wanted)) {
    complaints.push(`the bottleneck is ${nameOf(verdict)} instead of ${nameOf(wanted)}`);
  }
  if (verdict.traces !== sent)
    complaints.push(`the verdict is on ${verdict.traces} traces instead of ${sent}`);
  if (verdict.bottleneckShare < LEAST_AGREEMENT) {
    complaints.push(`it holds up only ${Math.round(verdict.bottleneckShare * 100)} % of the checkouts`);
  }
  return complaints;
}

function judgeFindings(wanted: Row['finding'], findings: readonly Finding[]): string[] {
  const further = findings.filter(({ code }) => code !== wanted?.code);
  const complaints = further.map(({ code, sentence }) => `a finding too many: ${code}: ${sentence}`);
  if (wanted === undefined) return complaints;
  const expected = findings.filter(({ code }) => code === wanted.code);
  if (expected.length === 0) return [...complaints, `there is no finding ${wanted.code}`];
  if (expected.some(({ services }) => services.includes(wanted.service))) return complaints;
  const named = expected.flatMap(({ services }) => services).join(', ');
  return [...complaints, `${wanted.code} names ${named} instead of ${wanted.service}`];
}

export function nameOf({ service, operation }: Operation): string {
  return `${service} · ${operation}`;
}
