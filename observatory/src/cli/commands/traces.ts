// `longpole traces`: its arguments, options and help. The work is loaded when the command runs.
import type { Command } from 'commander';
import type { Session } from '../session.ts';
import type { TracesFlags } from '../traces/run-traces.ts';
import { addOutputOptions, addSetOptions, addSourceOption, collect } from './options.ts';

const HELP = `
Each trace with what holds it up. KEY=VALUE is an attribute of any span of the
trace, or of its resource; KEY alone means that it is there.

Examples:
  $ longpole traces                               the newest ones
  $ longpole traces --service payment --min 1s --sort duration
  $ longpole traces traces.jsonl --errors
  $ longpole traces --route 'POST /api/checkout' --attribute user.id=ada
  $ longpole traces --json | jq -r '.traces[].traceId'

Exit codes: 0 fine, 2 wrong use, 3 source unreachable.`;

export function addTraces(program: Command, { terminal, run }: Session): void {
  const command = program
    .command('traces')
    .summary('list traces, each with what holds it up')
    .description('List traces, each with what holds it up.')
    .argument('[FILE | URL...]', 'a file (- for standard input) or a backend (default: the backend)');
  addSetOptions(addSourceOption(command));
  addOutputOptions(command)
    .option('--service <NAME>', 'only traces in which this service took part')
    .option('--operation <NAME>', 'only traces with a span of this name')
    .option('--min <DURATION>', 'only traces that took at least this long: 250ms, 1.5s')
    .option('--max <DURATION>', 'only traces that took at most this long')
    .option('--errors', 'only traces with a span that failed')
    .option('--attribute <KEY=VALUE>', 'only traces with this attribute; may be given several times', collect)
    .option('--sort <BY>', 'start, duration, spans or errors, the largest first (default: start)')
    .option('--limit <COUNT>', 'rows to print at most (default: 20)')
    .addHelpText('after', HELP)
    .action((targets: string[], flags: TracesFlags) =>
      run(async () => {
        const { runTraces } = await import('../traces/run-traces.ts');
        return runTraces(targets, flags, terminal);
      }),
    );
}
