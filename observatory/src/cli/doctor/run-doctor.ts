// Runs `longpole doctor`: reads traces, looks for findings, and judges them by `--fail-on`.
import {
  createDoctor,
  type Doctor,
  FINDING_CODES,
  type FindingCode,
  parseFindingCode,
} from '../../analysis/findings/index.ts';
import { msToNs } from '../../trace/nanoseconds.ts';
import { chooseSource } from '../choose-source.ts';
import { EXIT } from '../exit-codes.ts';
import { checkFormat, type OutputFlags, writeResult } from '../output/write-result.ts';
import { printable } from '../printable.ts';
import { readMany } from '../reading/read-many.ts';
import { readOne } from '../reading/read-one.ts';
import { parseSetFlags, type SetFlags } from '../reading/set-flags.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { type Diagnosis, diagnosisResult } from './diagnosis.ts';

/** Options of `longpole doctor` as the command line gives them. */
export interface DoctorFlags extends OutputFlags, SetFlags {
  readonly source?: string;
  readonly failOn?: string;
  readonly only?: string;
  readonly ignore?: string;
  readonly threshold?: readonly string[];
  readonly complete?: true;
}

function parseCodes(text: string, flag: string): FindingCode[] {
  const codes = text.split(',').map((code) => code.trim());
  const given = codes.filter((code) => code !== '');
  if (given.length > 0) return given.map(parseFindingCode);
  throw new UsageError(`${flag} ${JSON.stringify(text)}: give codes such as broken-propagation,lost-job.`);
}

/** Numbers by name, as they are written; the doctor knows which names there are. */
function parseThresholds(texts: readonly string[]): Record<string, number> {
  const parsed = texts.map((text) => {
    const [name = '', number = ''] = text.split('=', 2);
    if (name.trim() !== '' && number.trim() !== '') return [name.trim(), Number(number)] as const;
    throw new UsageError(`--threshold ${JSON.stringify(text)}: give a name and a number, nPlusOneCalls=10.`);
  });
  return Object.fromEntries(parsed);
}

/** The findings that end the command with 1. */
function parseFailOn(text: string | undefined): readonly FindingCode[] {
  if (text === undefined) return [];
  return text.trim().toLowerCase() === 'any' ? FINDING_CODES : parseCodes(text, '--fail-on');
}

/** What was found; what was not judged goes to standard error too, as the warnings of the source have. */
function outcomeOf(
  doctor: Doctor,
  warnings: readonly string[],
  terminal: Terminal,
): Pick<Diagnosis, 'findings' | 'warnings'> {
  const findings = doctor.finish();
  const unjudged = doctor.unjudged();
  for (const text of unjudged) terminal.stderr.write(`warning: ${printable(text)}\n`);
  return { findings, warnings: [...warnings, ...unjudged] };
}

async function diagnose(
  targets: readonly string[],
  flags: DoctorFlags,
  terminal: Terminal,
): Promise<Diagnosis> {
  const failOn = parseFailOn(flags.failOn);
  const doctor = createDoctor({
    nowNs: msToNs(terminal.now()),
    ...(flags.only !== undefined && { only: parseCodes(flags.only, '--only') }),
    ...(flags.ignore !== undefined && { ignore: parseCodes(flags.ignore, '--ignore') }),
    thresholds: parseThresholds(flags.threshold ?? []),
    ...(flags.complete && { complete: true }),
  });
  const chosen = chooseSource(targets, flags.source, terminal);
  const wanted = parseSetFlags(flags, chosen.isBackend, terminal);
  if (chosen.traceId === undefined) {
    const { source, traces, warnings } = await readMany(chosen, wanted, terminal, doctor.add);
    return { source, traces, ...outcomeOf(doctor, warnings, terminal), failOn };
  }
  if (flags.route !== undefined || flags.last !== undefined || flags.since !== undefined)
    throw new UsageError('Name one trace, or several by --route, --last and --since, not both.');
  doctor.add(await readOne(chosen, {}, terminal));
  return { source: chosen.source.name, traces: 1, ...outcomeOf(doctor, [], terminal), failOn };
}

/**
 * Resolves with the exit code: 1 when there is a finding that `--fail-on` names.
 * @throws UsageError, DoctorError, SourceError, for the command line to report.
 */
export async function runDoctor(
  targets: readonly string[],
  flags: DoctorFlags,
  terminal: Terminal,
): Promise<number> {
  checkFormat(flags);
  const diagnosis = await diagnose(targets, flags, terminal);
  writeResult(diagnosisResult(diagnosis), flags, terminal);
  const failing = diagnosis.findings.filter(({ code }) => diagnosis.failOn.includes(code));
  for (const { code, sentence } of failing)
    terminal.stderr.write(`${printable(`broken: --fail-on ${code}: ${sentence}`)}\n`);
  return failing.length > 0 ? EXIT.broken : EXIT.fine;
}
