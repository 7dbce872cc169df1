// `longpole bottleneck`: its arguments, options and help. The work is loaded when the command runs.
import type { Command } from 'commander';
import type { BottleneckFlags } from '../show-bottleneck.ts';
import type { Terminal } from '../terminal.ts';

const HELP = `
Without a trace id, the newest request: the trace whose root is a SERVER span and started last.
A trace id is 32 hex digits, or the whole traceparent or traceresponse header.
Files: OTLP JSON, JSON lines of the Collector's file exporter, Jaeger JSON.

Examples:
  $ longpole bottleneck                                   the newest request in the local backend
  $ longpole bottleneck 0af7651916cd43dd8448eb211c80319c --wait 10
  $ longpole bottleneck --source http://localhost:16686   from any Jaeger
  $ longpole bottleneck http://localhost:16686/trace/0af7651916cd43dd8448eb211c80319c
  $ longpole bottleneck traces.jsonl                      the newest request in a file
  $ longpole bottleneck traces.jsonl 0af7651916cd43dd8448eb211c80319c
  $ curl -s http://localhost:16686/api/v3/traces/ID | longpole bottleneck -
  $ longpole bottleneck --json | jq .bottleneck

Exit codes: 0 fine, 2 wrong use (also a trace or file that is not there), 3 source unreachable.`;

/** Adds the command to `program`; `done` gets its exit code. */
export function addBottleneck(program: Command, terminal: Terminal, done: (exitCode: number) => void): void {
  program
    .command('bottleneck')
    .summary('draw a trace and say what holds its request up')
    .description(
      'Draw the waterfall of a trace with its critical path, and say in one sentence what holds the request up.',
    )
    .argument(
      '[TRACE_ID | FILE | URL...]',
      'a trace id, a file (- for standard input), a file and an id in it, or the address of a trace',
    )
    .option(
      '--source <URL>',
      'backend to read from (default: LONGPOLE_SOURCE or http://127.0.0.1:16686, or there LONGPOLE_UI_PORT)',
    )
    .option('--json', 'print the verdict as JSON')
    .option('--no-color', 'print without colours (so does NO_COLOR, and a pipe)')
    .option('--wait <SECONDS>', 'wait until the trace has arrived and stopped growing, this long at most')
    .addHelpText('after', HELP)
    .action(async (targets: string[], flags: BottleneckFlags) => {
      const { showBottleneck } = await import('../show-bottleneck.ts');
      done(await showBottleneck(targets, flags, terminal));
    });
}
