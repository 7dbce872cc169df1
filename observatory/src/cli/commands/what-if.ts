// `longpole what-if`: its arguments, options and help. The work is loaded when the command runs.
import type { Command } from 'commander';
import type { Session } from '../session.ts';
import type { ChangeText } from '../what-if/changes.ts';
import type { WhatIfFlags } from '../what-if/run-what-if.ts';
import { addNewestOnRouteOption, addOutputOptions, addSourceOption } from './options.ts';

const HELP = `
SPANS is a service, an operation (span name), or both: 'payment',
'authorize with acquirer', 'payment · POST /charges'. Changes are made one after
the other, as they are given. Without any: what halving each of the operations
with the most time on the critical path would bring.

Examples:
  $ longpole what-if                                  the newest request
  $ longpole what-if --scale payment=0.5              payment twice as fast
  $ longpole what-if --route 'POST /api/checkout' --remove notify
  $ longpole what-if 0af7651916cd43dd8448eb211c80319c --remove notify
  $ longpole what-if traces.jsonl --parallel 'inventory · check stock'
  $ longpole what-if --scale 'payment · POST /charges=0.1' --remove notify

Exit codes: 0 fine, 2 wrong use, 3 source unreachable.`;

/** Keeps the changes in the order in which they are given, across the options. */
function collectChanges(changes: ChangeText[], kind: ChangeText['kind']): (text: string) => string {
  return (text) => {
    changes.push({ kind, text });
    return text;
  };
}

export function addWhatIf(program: Command, { terminal, run }: Session): void {
  const changes: ChangeText[] = [];
  const command = program
    .command('what-if')
    .summary('say what making spans faster, gone or parallel would bring')
    .description(
      'Replay a trace with some spans faster, gone or side by side, and say what holds it up then.',
    )
    .argument('[TRACE_ID | FILE | URL...]', 'as for longpole bottleneck; without it the newest request');
  addOutputOptions(addNewestOnRouteOption(addSourceOption(command)))
    .option(
      '--scale <SPANS=FACTOR>',
      'they take that many times as long, with all they wait for: 0.5 halves them',
      collectChanges(changes, 'scale'),
    )
    .option('--remove <SPANS>', 'they do not happen', collectChanges(changes, 'remove'))
    .option(
      '--parallel <SPANS>',
      'they start side by side, not one after the other',
      collectChanges(changes, 'parallel'),
    )
    .option('--wait <SECONDS>', 'wait until the trace has arrived and stopped growing, this long at most')
    .addHelpText('after', HELP)
    .action((targets: string[], flags: WhatIfFlags) =>
      run(async () => {
        const { runWhatIf } = await import('../what-if/run-what-if.ts');
        return runWhatIf(targets, changes, flags, terminal);
      }),
    );
}
