// The options of the doctor, parsed once.
import { closestName } from '../../trace/nearest-name.ts';
import { DoctorError } from './doctor-error.ts';
import { FINDING_CODES, type FindingCode } from './finding.ts';
import { DEFAULT_THRESHOLDS, type Thresholds } from './thresholds.ts';

export interface DoctorOptions {
  /** Look for these only. Defaults to all. */
  readonly only?: readonly FindingCode[];
  /** Do not look for these. Defaults to none. */
  readonly ignore?: readonly FindingCode[];
  /** From where on something is worth a finding; what is left out keeps its default. */
  readonly thresholds?: Partial<Thresholds>;
  /**
   * When the traces were read, nanoseconds since the Unix epoch: what ended less than `graceMs` before may still
   * be on its way. Defaults to the latest end of any span that was added.
   */
  readonly nowNs?: bigint;
  /**
   * Whether the set holds every trace of its time, of all services and routes. Only then are jobs lost of whose
   * kind none has arrived, and calls broken whose callee has no trace at all. Defaults to `false`.
   */
  readonly complete?: boolean;
}

/** Options with their defaults filled in. */
export interface DoctorSettings {
  readonly codes: ReadonlySet<FindingCode>;
  readonly thresholds: Thresholds;
  readonly nowNs: bigint | undefined;
  readonly complete: boolean;
}

/** Every option's name; the compiler keeps the list complete. */
const KNOWN: Readonly<Record<keyof DoctorOptions, true>> = {
  only: true,
  ignore: true,
  thresholds: true,
  nowNs: true,
  complete: true,
};

function checkNames(what: string, given: object, known: readonly string[]): void {
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    throw new DoctorError(`There is no ${what} ${name}. Did you mean ${closestName(name, known)?.name}?`);
  }
}

function codesOf(name: 'only' | 'ignore', value: unknown): readonly FindingCode[] {
  if (!Array.isArray(value)) throw new DoctorError(`${name} is ${typeof value}: it must be a list of codes.`);
  return value.map((code: unknown) => parseFindingCode(String(code)));
}

function checkThreshold(name: string, value: unknown): void {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return;
  throw new DoctorError(`The threshold ${name} is ${String(value)}: it must be a number, 0 or more.`);
}

function thresholdsOf(given: Partial<Thresholds>): Thresholds {
  checkNames('threshold', given, Object.keys(DEFAULT_THRESHOLDS));
  const present = Object.entries(given).filter(([, value]) => value !== undefined);
  for (const [name, value] of present) checkThreshold(name, value);
  return { ...DEFAULT_THRESHOLDS, ...Object.fromEntries(present) };
}

/**
 * The code that `text` is.
 * @throws DoctorError `ERR_LONGPOLE_DOCTOR_OPTION` that says which code was probably meant.
 */
export function parseFindingCode(text: string): FindingCode {
  const code = FINDING_CODES.find((known) => known === text);
  if (code !== undefined) return code;
  const meant = closestName(text, FINDING_CODES)?.name;
  throw new DoctorError(`There is no finding ${JSON.stringify(text)}. Did you mean ${meant}?`);
}

/**
 * Checks the options and fills in the defaults; an option that is `undefined` counts as absent.
 * @throws DoctorError `ERR_LONGPOLE_DOCTOR_OPTION` that names the option and the value.
 */
export function parseDoctorOptions(given: DoctorOptions): DoctorSettings {
  checkNames('option', given, Object.keys(KNOWN));
  const { only = FINDING_CODES, ignore = [], thresholds = {}, nowNs, complete = false } = given;
  if (nowNs !== undefined && typeof nowNs !== 'bigint') {
    throw new DoctorError(`nowNs is ${String(nowNs)}: it must be a bigint of nanoseconds.`);
  }
  if (typeof complete !== 'boolean') {
    throw new DoctorError(`complete is ${String(complete)}: it must be true or false.`);
  }
  const ignored = new Set(codesOf('ignore', ignore));
  const codes = new Set(codesOf('only', only).filter((code) => !ignored.has(code)));
  return { codes, thresholds: thresholdsOf(thresholds), nowNs, complete };
}
