// `npm run prove` from start to end: the mesh, every row, the table, and a stop that leaves nothing behind.
import { EXIT_BAD_ENVIRONMENT, EXIT_FAILED, MeshError } from '../mesh-error.ts';
import { suggest } from '../nearest-name.ts';
import { judge, nameOf, type Seen } from './judge.ts';
import { type QuietMesh, type QuietMeshOptions, startQuietMesh } from './quiet-mesh.ts';
import { ROWS, type Row } from './rows.ts';
import { runRow } from './run-row.ts';

const CHECKOUTS = 30;

export interface ProveOptions extends QuietMeshOptions {
  /** Names of the rows to run, or parts of them. Empty for all. */
  readonly args: readonly string[];
  /** Checkouts a row. Defaults to 30. */
  readonly checkouts?: number;
  readonly rows?: readonly Row[];
}

/** Resolves with the exit code: 0 when every row holds, 1 when one does not or the demo can't run, 2 for a row that is not there. */
export async function runProve(options: ProveOptions): Promise<number> {
  const { terminal, stop } = options;
  let mesh: QuietMesh | undefined;
  try {
    const rows = chooseRows(options.rows ?? ROWS, options.args);
    mesh = await startQuietMesh(options);
    return await proveAll(rows, mesh, options);
  } catch (error) {
    if (stop.aborted) return EXIT_FAILED;
    terminal.err(`${error instanceof Error ? error.message : error}\n`);
    return error instanceof MeshError ? error.exitCode : EXIT_FAILED;
  } finally {
    await mesh?.end();
  }
}

function chooseRows(rows: readonly Row[], args: readonly string[]): readonly Row[] {
  for (const arg of args) {
    if (rows.some(({ name }) => name.includes(arg))) continue;
    const names = rows.map(({ name }) => name);
    throw new MeshError(
      `There is no row ${JSON.stringify(arg)}. ${suggest(arg, names)}`,
      EXIT_BAD_ENVIRONMENT,
    );
  }
  return args.length === 0 ? rows : rows.filter(({ name }) => args.some((arg) => name.includes(arg)));
}

async function proveAll(rows: readonly Row[], mesh: QuietMesh, options: ProveOptions): Promise<number> {
  const { terminal, checkouts = CHECKOUTS } = options;
  const startedAt = performance.now();
  const ask = { ...options, environment: mesh.environment, source: mesh.urls.ui };
  const width = Math.max(...rows.map(({ name }) => name.length));
  let failed = 0;
  terminal.out(`${checkouts} checkouts each\n\n`);
  for (const row of rows) {
    const seen = await Promise.race([runRow(row, checkouts, mesh, ask), mesh.trouble]);
    const complaints = judge(row, seen);
    if (complaints.length > 0) failed += 1;
    terminal.out(`${complaints.length === 0 ? '✓' : '✗'} ${row.name.padEnd(width)}  ${saidOf(seen)}\n`);
    for (const complaint of complaints) terminal.out(`    ${complaint}\n`);
  }
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  terminal.out(
    `\nRows: ${rows.length - failed} passed, ${failed} failed, ${rows.length} total, in ${seconds} s\n`,
  );
  return failed === 0 ? 0 : EXIT_FAILED;
}

/** `payment · authorize with acquirer 82 %   noise`. */
function saidOf({ verdict, findings }: Seen): string {
  const codes = [...new Set(findings.map(({ code }) => code))].join(', ') || 'no findings';
  const held = verdict === undefined ? '' : `${nameOf(verdict)} ${Math.round(verdict.share * 100)} %`;
  return `${held.padEnd(40)}  ${codes}`;
}
