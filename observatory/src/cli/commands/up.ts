// `longpole up`: runs the embedded trace backend until it is asked to stop.
import type { Command } from 'commander';
import type { Backend, BackendOptions } from '../../server/index.ts';
import { EXIT } from '../exit-codes.ts';
import { parseBytes, parseCount, parseText } from '../parse-size.ts';
import { printable, printableJson } from '../printable.ts';
import type { Session } from '../session.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';

interface Flags {
  readonly db?: string;
  readonly host?: string;
  readonly uiPort?: string;
  readonly otlpPort?: string;
  readonly maxTraces?: string;
  readonly maxBytes?: string;
  readonly allowHost?: string[];
  readonly json?: true;
}

const UI_PORT = 16_686;
const OTLP_PORT = 4_318;
const FEWEST_MIB = 1;

const HELP = `
Services send their spans as OTLP over HTTP:
OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318.
The query API is Jaeger's: Jaeger UI, Grafana and longpole read it.

Examples:
  $ longpole up                      in memory, the oldest traces go first
  $ longpole up --db traces.db       kept in a file
  $ longpole up --otlp-port 14318 --ui-port 26686
  $ longpole up --host 0.0.0.0       for other machines too: it has no password
  $ longpole up --json | head -1     the addresses, for scripts

Exit codes: 0 stopped by SIGINT or SIGTERM, 2 wrong use or a port taken.`;

/** The value of a flag, else of its variable, with how it was given. */
function given(
  flag: string,
  value: string | undefined,
  variable: string,
  terminal: Terminal,
): [string, string] | undefined {
  if (value !== undefined) return [value, flag];
  const set = terminal.env[variable] ?? '';
  return set === '' ? undefined : [set, variable];
}

function parsePort(
  flag: string,
  value: string | undefined,
  variable: string,
  terminal: Terminal,
): number | undefined {
  const port = given(flag, value, variable, terminal);
  return port === undefined ? undefined : parseCount(port[0], port[1], 0, 65_535);
}

function checkDistinct(uiPort: number, otlpPort: number): void {
  if (uiPort !== otlpPort || uiPort === 0) return;
  throw new UsageError(
    `--ui-port and --otlp-port (LONGPOLE_UI_PORT and LONGPOLE_OTLP_PORT) are both ${uiPort}: give two different ports.`,
  );
}

function toOptions(flags: Flags, terminal: Terminal): BackendOptions {
  const { db, maxTraces, maxBytes, allowHost } = flags;
  const host = given('--host', flags.host, 'LONGPOLE_HOST', terminal)?.[0];
  const uiPort = parsePort('--ui-port', flags.uiPort, 'LONGPOLE_UI_PORT', terminal);
  const otlpPort = parsePort('--otlp-port', flags.otlpPort, 'LONGPOLE_OTLP_PORT', terminal);
  checkDistinct(uiPort ?? UI_PORT, otlpPort ?? OTLP_PORT);
  return {
    ...(db !== undefined && { db: parseText(db, '--db', 'the name of a file') }),
    ...(host !== undefined && { host: parseText(host, '--host', 'an address to listen on') }),
    ...(uiPort !== undefined && { uiPort }),
    ...(otlpPort !== undefined && { otlpPort }),
    ...(maxTraces !== undefined && { maxTraces: parseCount(maxTraces, '--max-traces', 1, 1e9) }),
    ...(maxBytes !== undefined && { maxBytes: parseBytes(maxBytes, '--max-bytes', FEWEST_MIB) }),
    ...(allowHost !== undefined && { allowedHosts: allowHost }),
  };
}

function untilStopped(terminal: Terminal): Promise<void> {
  return new Promise((resolve) => {
    const off = terminal.onStop(() => {
      off();
      resolve();
    });
  });
}

/** The one line that `up` prints once it listens; with `--json` an object on that line. */
function describe({ otlpUrl, uiUrl }: Backend, { db, json }: Flags): string {
  if (json) return printableJson({ otlpUrl, uiUrl, db: db ?? null }).replace(/\n */g, ' ');
  const kept = db === undefined ? 'in memory' : `in ${printable(db)}`;
  return `longpole is up: OTLP on ${otlpUrl}, queries on ${uiUrl}, traces ${kept}. Ctrl-C stops it.`;
}

async function run(flags: Flags, terminal: Terminal): Promise<number> {
  const options = toOptions(flags, terminal);
  const stopped = untilStopped(terminal);
  const { startBackend } = await import('../../server/index.ts');
  const { pageFolder, env } = terminal;
  const demoUrl = env['LONGPOLE_DEMO_URL'] || undefined;
  const backend = await startBackend({
    ...options,
    ...(pageFolder !== undefined && { pageFolder }),
    ...(demoUrl !== undefined && { demoUrl }),
  });
  terminal.stdout.write(`${describe(backend, flags)}
`);
  await stopped;
  await backend.close();
  return EXIT.fine;
}

export function addUp(program: Command, { terminal, runUntilStopped }: Session): void {
  program
    .command('up')
    .summary('run the embedded trace backend')
    .description("Run the embedded trace backend: OTLP over HTTP in, Jaeger's query API out.")
    .option('--db <FILE>', 'keep the traces in this file (default: in memory)')
    .option('--host <ADDRESS>', 'address to listen on (default: LONGPOLE_HOST or 127.0.0.1)')
    .option(
      '--ui-port <PORT>',
      'port of the query API, 0 for any free one (default: LONGPOLE_UI_PORT or 16686)',
    )
    .option(
      '--otlp-port <PORT>',
      'port of OTLP over HTTP, 0 for any free one (default: LONGPOLE_OTLP_PORT or 4318)',
    )
    .option('--max-traces <N>', 'traces kept at most (default: 100000)')
    .option('--max-bytes <SIZE>', 'bytes kept at most, at least 1MiB (default: 1GiB)')
    .option('--allow-host <NAME...>', 'further names under which browsers may reach the query API')
    .option('--json', 'print the addresses as one line of JSON')
    .addHelpText('after', HELP)
    .action((flags: Flags) => runUntilStopped(() => run(flags, terminal)));
}
