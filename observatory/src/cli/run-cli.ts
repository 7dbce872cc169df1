// The command line: commands, help, and every failure as one sentence with an exit code.
import { Command, CommanderError } from 'commander';
import { addBottleneck } from './commands/bottleneck.ts';
import { addCompare } from './commands/compare.ts';
import { addDoctor } from './commands/doctor.ts';
import { addShow } from './commands/show.ts';
import { addTraces } from './commands/traces.ts';
import { addUp } from './commands/up.ts';
import { addWhatIf } from './commands/what-if.ts';
import { EXIT } from './exit-codes.ts';
import { printable } from './printable.ts';
import { type Session, startSession } from './session.ts';
import { columnsFor, type Terminal } from './terminal.ts';
import { USAGE_CODE } from './usage-error.ts';

const HELP = `
Examples:
  $ longpole up                       run a trace backend
  $ longpole bottleneck               what holds up the newest request
  $ longpole traces --errors          the newest requests that failed
  $ longpole doctor traces.jsonl      what is wrong with the traces in a file
  $ longpole bottleneck --help        all of one command

Exit codes: 0 fine, 1 a limit broken, 2 wrong use, 3 source unreachable.`;

/** What is wrong with the use of a command, as commander says it, in one line with its code. */
function oneLine(text: string): string {
  const sentence = text.trim().split('\n').map(printable).join(' ');
  return `${sentence} (${USAGE_CODE})\n`;
}

function createProgram(session: Session): Command {
  const { terminal } = session;
  const program = new Command('longpole')
    .description('Names the long pole of a distributed trace: the span that holds the whole request up.')
    .version(terminal.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help of a command')
    .addHelpText('after', HELP)
    .exitOverride()
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      getOutHelpWidth: () => columnsFor(terminal),
      getErrHelpWidth: () => columnsFor(terminal),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      outputError: (text, write) => write(oneLine(text)),
    });
  const commands = [addBottleneck, addShow, addTraces, addWhatIf, addCompare, addDoctor, addUp];
  for (const add of commands) add(program, session);
  return program;
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code.startsWith('ERR_LONGPOLE_') ? code : '';
}

/** Whether a source could not be reached; told by the error's property, so that no source is loaded to say so. */
function isUnreachable(error: unknown): boolean {
  return error instanceof Error && 'isUnreachable' in error && error.isUnreachable === true;
}

/** Commander has written its sentence already, but none below the help that it shows when no command was given. */
function reportUse(error: CommanderError, program: Command, { stderr }: Terminal): number {
  if (error.exitCode === 0) return EXIT.fine;
  if (error.code === 'commander.help') {
    const names = program.commands.map((command) => `longpole ${command.name()}`);
    stderr.write(oneLine(`error: give a command: ${names.join(', ')}`));
  }
  return EXIT.wrongUse;
}

/** Writes what went wrong to standard error and gives the exit code. */
function report(error: unknown, program: Command, terminal: Terminal): number {
  if (error instanceof CommanderError) return reportUse(error, program, terminal);
  const code = codeOf(error);
  if (code === '') {
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const lines = trace.split('\n').map(printable).join('\n');
    terminal.stderr.write(`error: Longpole failed, which is a fault in it; please report this:\n${lines}\n`);
    return EXIT.fault;
  }
  terminal.stderr.write(`error: ${printable((error as Error).message)} (${code})\n`);
  return isUnreachable(error) ? EXIT.unreachable : EXIT.wrongUse;
}

/** Runs `longpole` with arguments (without node and script) and resolves with its exit code; never rejects. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  const session = startSession(terminal);
  const program = createProgram(session);
  try {
    await program.parseAsync(args, { from: 'user' });
    return session.exitCode();
  } catch (error) {
    return report(error, program, terminal);
  }
}
