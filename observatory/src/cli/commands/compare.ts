// `longpole compare`: its options and help. The work is loaded when the command runs.
import type { Command } from 'commander';
import type { CompareFlags } from '../compare/run-compare.ts';
import type { Session } from '../session.ts';
import { addOutputOptions, addSourceOption, collect } from './options.ts';

const HELP = `
A set is a file, the address of a backend, or a window of time in --source:
2h..1h, 2026-11-22T10:00:00Z..2026-11-22T11:00:00Z, or 1h for the last hour.
What changed is called so only when chance would hardly bring it about.

Examples:
  $ longpole compare --before before.jsonl --after after.jsonl
  $ longpole compare --before before.jsonl --after after.jsonl \\
      --fail-if 'slower > 10%'
  $ longpole compare --before 2h..1h --after 1h --route 'POST /api/checkout'
  $ longpole compare --before http://blue:16686 --after http://green:16686
  $ longpole compare --before before.jsonl --after after.jsonl --markdown

Exit codes: 0 fine, 1 a limit broken, 2 wrong use, 3 source unreachable.`;

export function addCompare(program: Command, { terminal, run }: Session): void {
  const command = program
    .command('compare')
    .summary('say what got slower between two sets of traces')
    .description(
      'Say what got slower or faster between two sets of traces, where on the path, and how sure that is.',
    )
    .requiredOption('--before <FILE | URL | WINDOW>', 'the traces to compare with')
    .requiredOption('--after <FILE | URL | WINDOW>', 'the traces to judge');
  addOutputOptions(addSourceOption(command))
    .option('--route <NAME>', "only traces of this route: the name of the root span, 'POST /api/checkout'")
    .option('--last <COUNT>', 'only the newest traces of each set (default: 200 of a backend, all else)')
    .option('--fail-if <LIMIT>', "exit with 1 if that is so: 'slower > 10%', 'p95 > 800ms'", collect)
    .addHelpText('after', HELP)
    .action((flags: CompareFlags) =>
      run(async () => {
        const { runCompare } = await import('../compare/run-compare.ts');
        return runCompare(flags, terminal);
      }),
    );
}
