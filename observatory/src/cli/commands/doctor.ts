// `longpole doctor`: its arguments, options and help. The work is loaded when the command runs.
import type { Command } from 'commander';
import type { DoctorFlags } from '../doctor/run-doctor.ts';
import type { Session } from '../session.ts';
import { addOutputOptions, addSetOptions, addSourceOption, collect } from './options.ts';

const HELP = `
Each finding says what is wrong, where it was seen, the likely cause and the
cure. docs/findings.md has a paragraph about each code.

Examples:
  $ longpole doctor                         the newest 200 traces of the backend
  $ longpole doctor traces.jsonl
  $ longpole doctor traces.jsonl --route 'POST /api/checkout'
  $ longpole doctor 0af7651916cd43dd8448eb211c80319c
  $ longpole doctor --fail-on broken-propagation,missing-attributes
  $ longpole doctor traces.jsonl --complete --fail-on any
  $ longpole doctor --json | jq -r '.findings[].code'

Exit codes: 0 fine, 1 a finding of --fail-on, 2 wrong use, 3 source unreachable.`;

export function addDoctor(program: Command, { terminal, run }: Session): void {
  const command = program
    .command('doctor')
    .summary('find what is wrong with traces: lost context, N+1, noise, secrets')
    .description(
      'Find what is wrong with traces and with the requests in them, with evidence, cause and cure.',
    )
    .argument(
      '[TRACE_ID | FILE | URL...]',
      'a file (- for standard input), a backend, or one trace of them (default: the backend)',
    );
  addSetOptions(addSourceOption(command));
  addOutputOptions(command)
    .option('--fail-on <CODES>', "exit with 1 on these findings, separated by commas, or 'any'")
    .option('--only <CODES>', 'look for these findings only')
    .option('--ignore <CODES>', 'do not look for these findings')
    .option('--threshold <NAME=NUMBER>', 'move a threshold of docs/findings.md: nPlusOneCalls=10', collect)
    .option('--complete', 'the source has every trace of its time: what is missing in it is lost')
    .addHelpText('after', HELP)
    .action((targets: string[], flags: DoctorFlags) =>
      run(async () => {
        const { runDoctor } = await import('../doctor/run-doctor.ts');
        return runDoctor(targets, flags, terminal);
      }),
    );
}
