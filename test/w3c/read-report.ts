// Reads what Python's unittest prints, so that each test of the W3C suite can be told apart.

export interface TestResult {
  /** `TraceContextTest.test_traceparent_duplicated` */
  readonly name: string;
  /** `ok`, `FAIL`, `ERROR`, `skipped '…'` */
  readonly verdict: string;
}

export interface SuiteReport {
  readonly results: readonly TestResult[];
  /** How many tests unittest says it has run; `undefined` when it did not get so far. */
  readonly ran: number | undefined;
}

const TEST = /^(test_\w+) \(([\w.]+)\)/;
const VERDICT = / \.\.\. (ok|FAIL|ERROR|skipped .*)$/;
const BARE_VERDICT = /^(ok|FAIL|ERROR)$/;
const TOTAL = /^Ran (\d+) tests? in /;

/** `output` is what unittest writes at verbosity 2: a test's name, on the same or a later line its verdict. */
export function readReport(output: string): SuiteReport {
  const results: TestResult[] = [];
  let name: string | undefined;
  let ran: number | undefined;
  for (const line of output.split('\n')) {
    const test = TEST.exec(line);
    if (test !== null) name = `${suiteOf(test[2] ?? '')}.${test[1]}`;
    const verdict = (VERDICT.exec(line) ?? BARE_VERDICT.exec(line))?.[1];
    if (name !== undefined && verdict !== undefined) {
      results.push({ name, verdict });
      name = undefined;
    }
    const total = TOTAL.exec(line)?.[1];
    if (total !== undefined) ran = Number(total);
  }
  return { results, ran };
}

/** `__main__.TraceContextTest` before Python 3.11, `__main__.TraceContextTest.test_…` since. */
function suiteOf(path: string): string {
  return path.split('.').find((part) => part !== '__main__') ?? path;
}
