// `longpole show`: its arguments, options and help. The work is loaded when the command runs.
import type { Command } from 'commander';
import type { Session } from '../session.ts';
import type { ShowFlags } from '../show/run-show.ts';
import { addNewestOnRouteOption, addOutputOptions, addSourceOption } from './options.ts';

const HELP = `
SPAN is a span id, the beginning of one, or the name of a span or a service.

Examples:
  $ longpole show                                 the newest request, every span
  $ longpole show --route 'POST /api/checkout'    the newest of this route
  $ longpole show 0af7651916cd43dd8448eb211c80319c
  $ longpole show traces.jsonl --span payment     all about the spans of payment
  $ longpole show --span b7ad6b7169203331
  $ longpole show --json | jq '.spans[] | select(.status == "ERROR")'

Exit codes: 0 fine, 2 wrong use, 3 source unreachable.`;

export function addShow(program: Command, { terminal, run }: Session): void {
  const command = program
    .command('show')
    .summary('draw every span of a trace, and all about one')
    .description(
      'Draw the waterfall of a trace with every span, and print all that is known of some of them.',
    )
    .argument('[TRACE_ID | FILE | URL...]', 'as for longpole bottleneck; without it the newest request');
  addOutputOptions(addNewestOnRouteOption(addSourceOption(command)))
    .option('--span <SPAN>', 'print everything about these spans below the waterfall')
    .option('--wait <SECONDS>', 'wait until the trace has arrived and stopped growing, this long at most')
    .addHelpText('after', HELP)
    .action((targets: string[], flags: ShowFlags) =>
      run(async () => {
        const { runShow } = await import('../show/run-show.ts');
        return runShow(targets, flags, terminal);
      }),
    );
}
