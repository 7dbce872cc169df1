// The command line: commands, help, and every failure as one sentence with an exit code.
import { Command, CommanderError } from 'commander';
import { SourceError } from '../sources/index.ts';
import { addBottleneck } from './commands/bottleneck.ts';
import { addUp } from './commands/up.ts';
import { EXIT } from './exit-codes.ts';
import { printable } from './printable.ts';
import { columnsFor, type Terminal } from './terminal.ts';
import { USAGE_CODE } from './usage-error.ts';

/** Exit code of a fault in Longpole itself (EX_SOFTWARE of sysexits.h). */
const EXIT_FAULT = 70;

const WHICH_COMMAND = 'give a command: longpole bottleneck, longpole up';

const HELP = `
Examples:
  $ longpole up
  $ longpole bottleneck
  $ longpole bottleneck --help

Exit codes: 0 fine, 2 wrong use, 3 source unreachable.`;

/** What is wrong with the use of a command, as commander says it, in one line with its code. */
function oneLine(text: string): string {
  const sentence = text.trim().split('\n').map(printable).join(' ');
  return `${sentence} (${USAGE_CODE})\n`;
}

function createProgram(terminal: Terminal, done: (exitCode: number) => void): Command {
  const program = new Command('longpole')
    .description('Names the long pole of a distributed trace: the span that holds the whole request up.')
    .version(terminal.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help of a command')
    .addHelpText('after', HELP)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      getOutHelpWidth: () => columnsFor(terminal),
      getErrHelpWidth: () => columnsFor(terminal),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      outputError: (text, write) => write(oneLine(text)),
    });
  addBottleneck(program, terminal, done);
  addUp(program, terminal, done);
  return program;
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && code.startsWith('ERR_LONGPOLE_') ? code : '';
}

/** Commander has written its sentence already, but none below the help that it shows when no command was given. */
function reportUse(error: CommanderError, terminal: Terminal): number {
  if (error.exitCode === 0) return EXIT.fine;
  if (error.code === 'commander.help') terminal.stderr.write(oneLine(`error: ${WHICH_COMMAND}`));
  return EXIT.wrongUse;
}

/** Writes what went wrong to standard error and gives the exit code. */
function report(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) return reportUse(error, terminal);
  const code = codeOf(error);
  if (code === '') {
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const lines = trace.split('\n').map(printable).join('\n');
    terminal.stderr.write(`error: Longpole failed, which is a fault in it; please report this:\n${lines}\n`);
    return EXIT_FAULT;
  }
  terminal.stderr.write(`error: ${printable((error as Error).message)} (${code})\n`);
  return error instanceof SourceError && error.isUnreachable ? EXIT.unreachable : EXIT.wrongUse;
}

/** Runs `longpole` with arguments (without node and script) and resolves with its exit code; never rejects. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = EXIT.fine;
  const program = createProgram(terminal, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error, terminal);
  }
}
