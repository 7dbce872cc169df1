// What docs/command-line.md shows is what the commands print. UPDATE_GOLDEN=1 writes the outputs anew.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runLongpole } from './fake-terminal.ts';
import { FIXTURES } from './golden-files.ts';

const PAGE = join(__dirname, '../../../docs/command-line.md');
const BLOCK = /```console\n\$ longpole ([^\n]*)\n([^`]*)```/g;
const FILES: Readonly<Record<string, string>> = {
  'before.jsonl': join(FIXTURES, 'checkouts-before.jsonl'),
  'after.jsonl': join(FIXTURES, 'checkouts-after.jsonl'),
  'traces.jsonl': join(FIXTURES, 'checkouts-before.jsonl'),
  'propagation.jsonl': join(__dirname, '../analysis/findings/fixtures/propagation.otlp.jsonl'),
};

const page = readFileSync(PAGE, 'utf8');
const blocks = [...page.matchAll(BLOCK)].map(([, line = '', output = '']) => ({ line, output }));
const cwd = process.cwd();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'longpole-docs-'));
  for (const [name, path] of Object.entries(FILES)) copyFileSync(path, join(folder, name));
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(cwd);
  rmSync(folder, { recursive: true });
});

/** The arguments of a command line as a shell splits them; a pipe and redirections are left aside. */
function argumentsOf(line: string): string[] {
  const [command = ''] = line.split(/ 2>&1| \| /);
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
}

/** What the line prints, with the one pipe and the one redirection that the page uses. */
async function printedBy(line: string): Promise<string> {
  const { out, err } = await runLongpole(argumentsOf(line), { now: Date.parse('2026-11-23T12:00:00Z') });
  if (line.endsWith('2>&1 >/dev/null')) return err;
  if (line.endsWith('| jq -c .bottleneck')) return `${JSON.stringify(JSON.parse(out).bottleneck)}\n`;
  return err + out;
}

test('the page shows every command that prints a verdict', () => {
  const shown = new Set(blocks.map(({ line }) => line.split(' ')[0]));
  expect([...shown].sort()).toEqual(['bottleneck', 'compare', 'doctor', 'show', 'traces', 'what-if']);
});

test.each(blocks)('longpole $line', async ({ line, output }) => {
  const printed = await printedBy(line);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    const now = readFileSync(PAGE, 'utf8');
    writeFileSync(
      PAGE,
      now.replace(`$ longpole ${line}\n${output}\`\`\``, () => `$ longpole ${line}\n${printed}\`\`\``),
    );
  } else expect(output).toBe(printed);
});
