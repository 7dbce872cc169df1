// `longpole bottleneck`: its arguments, options and help. The work is loaded when the command runs.
import type { Command } from 'commander';
import type { BottleneckFlags } from '../bottleneck/run-bottleneck.ts';
import type { Session } from '../session.ts';
import { addOutputOptions, addSetOptions, addSourceOption, collect } from './options.ts';

const HELP = `
Of one trace: without a trace id the newest request, the trace whose root is a
SERVER span and started last. A trace id is 32 hex digits, or the whole
traceparent or traceresponse header.
Of many traces, with --route, --last, --since, --fail-if, --flame or --folded:
percentiles, what the critical path is made of, what slow traces share.

Examples:
  $ longpole bottleneck                         the newest request
  $ longpole bottleneck 0af7651916cd43dd8448eb211c80319c --wait 10
  $ longpole bottleneck --source http://localhost:16686
  $ longpole bottleneck traces.jsonl            the newest request in a file
  $ curl -s http://localhost:16686/api/v3/traces/ID | longpole bottleneck -
  $ longpole bottleneck --json | jq .bottleneck

  $ longpole bottleneck --route 'POST /api/checkout' --last 200
  $ longpole bottleneck --route 'POST /api/checkout' --last 200 \\
      --fail-if 'p95 > 800ms' --fail-if 'payment > 60%'
  $ longpole bottleneck traces.jsonl --last 200 --markdown
  $ longpole bottleneck --route 'POST /api/checkout' --flame path.svg
  $ longpole bottleneck --last 200 --folded > path.folded

Exit codes: 0 fine, 1 a limit broken, 2 wrong use, 3 source unreachable.`;

export function addBottleneck(program: Command, { terminal, run }: Session): void {
  const command = program
    .command('bottleneck')
    .summary('say what holds a request up: one trace, or a route over many')
    .description('Say what holds a request up: of one trace with its waterfall, of a route over many traces.')
    .argument(
      '[TRACE_ID | FILE | URL...]',
      'a trace id, a file (- for standard input), a file and an id in it, or the address of a trace',
    );
  addSetOptions(addSourceOption(command));
  addOutputOptions(command)
    .option('--fail-if <LIMIT>', "exit with 1 if that is so: 'p95 > 800ms', 'payment > 60%'", collect)
    .option('--flame <FILE>', 'write a flame graph of the critical paths to this file, as SVG')
    .option('--folded', 'print the critical paths as folded stacks, in microseconds')
    .option('--wait <SECONDS>', 'wait until the trace has arrived and stopped growing, this long at most')
    .addHelpText('after', HELP)
    .action((targets: string[], flags: BottleneckFlags) =>
      run(async () => {
        const { runBottleneck } = await import('../bottleneck/run-bottleneck.ts');
        return runBottleneck(targets, flags, terminal);
      }),
    );
}
