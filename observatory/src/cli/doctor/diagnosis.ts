// What `longpole doctor` prints: the findings with their evidence, causes and cures.
import type { Evidence, Finding, FindingCode } from '../../analysis/findings/index.ts';
import { countText } from '../../trace/duration-text.ts';
import { codeText, plainText } from '../output/markdown.ts';
import { wrap } from '../output/wrap.ts';
import type { Result } from '../output/write-result.ts';
import type { Paint } from '../paint.ts';
import { printable } from '../printable.ts';

/** What was found in a set of traces. */
export interface Diagnosis {
  readonly source: string;
  readonly traces: number;
  readonly findings: readonly Finding[];
  /** Codes that end the command with 1. */
  readonly failOn: readonly FindingCode[];
  /** What the source could not give, and what the doctor had no room for. */
  readonly warnings: readonly string[];
}

/** What `--json` prints. */
export interface DoctorJson {
  readonly source: string;
  /** Traces that were looked at. */
  readonly traces: number;
  /** Errors first, then what was seen in most traces. */
  readonly findings: readonly Finding[];
  /** Codes of the findings that `--fail-on` names; the command ends with 1 when there is one. */
  readonly failed: readonly FindingCode[];
  readonly warnings: readonly string[];
  readonly sentence: string;
}

const SHOWN_TRACES = 3;

function failedOf({ findings, failOn }: Diagnosis): FindingCode[] {
  return [...new Set(findings.map(({ code }) => code))].filter((code) => failOn.includes(code));
}

function sentenceOf({ findings, traces, source }: Diagnosis): string {
  const looked = `${countText(traces, 'trace')} of ${source}`;
  if (findings.length === 0) return `No findings in ${looked}.`;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const kinds = [countText(errors, 'error'), countText(findings.length - errors, 'warning')];
  return `${countText(findings.length, 'finding')} in ${looked}: ${kinds.join(', ')}.`;
}

function seenText({ count, traces, traceIds }: Finding): string {
  const shown = traceIds.slice(0, SHOWN_TRACES);
  const more = traces - shown.length;
  const rest = more > 0 ? ` and ${more} more` : '';
  return `${count === traces ? '' : `${countText(count, 'time')} `}in ${countText(traces, 'trace')}: ${shown.join(' ')}${rest}`;
}

function part(name: string, text: string, columns: number, paint: Paint): string[] {
  const lead = `  ${name.padEnd(6)} `;
  const [first = '', ...rest] = wrap(printable(text), columns, lead);
  return [`${paint('dim', first.slice(0, lead.length))}${first.slice(lead.length)}`, ...rest];
}

function findingLines(finding: Finding, columns: number, paint: Paint): string[] {
  const { severity, code, sentence, cause, cure } = finding;
  const color = severity === 'error' ? 'red' : 'yellow';
  return [
    `${paint([color, 'bold'], severity)} ${paint('bold', code)}`,
    ...wrap(printable(sentence), columns, '  '),
    ...part('cause', cause, columns, paint),
    ...part('cure', cure, columns, paint),
    ...part('seen', seenText(finding), columns, paint),
    '',
  ];
}

function evidenceText({ traceId, spanId, service, operation }: Evidence): string {
  return `${codeText(`${service} · ${operation}`)} span ${codeText(spanId)} of ${codeText(traceId)}`;
}

function findingMarkdown(finding: Finding): string {
  const { severity, code, sentence, cause, cure, evidence } = finding;
  return [
    `#### ${severity}: ${code}`,
    '',
    plainText(sentence),
    '',
    `- **Cause:** ${plainText(cause)}`,
    `- **Cure:** ${plainText(cure)}`,
    `- **Seen:** ${countText(finding.count, 'time')} in ${countText(finding.traces, 'trace')}`,
    ...evidence.slice(0, SHOWN_TRACES).map((one) => `  - ${evidenceText(one)}`),
  ].join('\n');
}

/** The findings in every format. */
export function diagnosisResult(diagnosis: Diagnosis): Result {
  const sentence = sentenceOf(diagnosis);
  const { findings, source, traces, warnings } = diagnosis;
  return {
    text: (columns, paint) =>
      [
        ...findings.flatMap((finding) => findingLines(finding, columns, paint)),
        paint('bold', printable(sentence)),
      ].join('\n'),
    json: (): DoctorJson => ({ source, traces, findings, failed: failedOf(diagnosis), warnings, sentence }),
    markdown: () => [`**${plainText(sentence)}**`, ...findings.map(findingMarkdown)].join('\n\n'),
  };
}
