// Options that several commands share, so that they read the same everywhere.
import type { Command } from 'commander';

/** `--source`: where traces are read from. */
export function addSourceOption(command: Command): Command {
  return command.option(
    '--source <URL | FILE>',
    'where to read from (default: LONGPOLE_SOURCE or http://127.0.0.1:16686, or there LONGPOLE_UI_PORT)',
  );
}

/** `--json`, `--markdown`, `--no-color`: how the result is printed. */
export function addOutputOptions(command: Command): Command {
  return command
    .option('--json', 'print JSON')
    .option('--markdown', 'print Markdown, for a comment on a pull request')
    .option('--no-color', 'print without colours (so does NO_COLOR, and a pipe)');
}

/** `--route`, `--last`, `--since`: which traces of a source. */
export function addSetOptions(command: Command): Command {
  return command
    .option('--route <NAME>', "only traces of this route: the name of the root span, 'POST /api/checkout'")
    .option('--last <COUNT>', 'only the newest traces (default: 200 of a backend, all of a file)')
    .option('--since <TIME>', 'only traces from then on: 30m, 2h, 1d or 2026-11-22T10:00:00Z');
}

/** `--route` of a command about one trace. */
export function addNewestOnRouteOption(command: Command): Command {
  return command.option('--route <NAME>', "the newest trace of this route: 'POST /api/checkout'");
}

/** Collects the values of an option that can be given several times. */
export function collect(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}
