// Whole outputs of the commands on recorded traces of the demo: text at 80 columns, JSON, Markdown, and every help.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { columnsOf } from '../../src/cli/fit-text.ts';
import { runLongpole } from './fake-terminal.ts';
import { expectGolden, FIXTURES } from './golden-files.ts';

const folder = process.cwd();
beforeAll(() => process.chdir(FIXTURES));
afterAll(() => process.chdir(folder));

async function outputOf(args: readonly string[], exitCode = 0): Promise<string> {
  const run = await runLongpole(args);
  expect([run.exitCode, exitCode === 0 ? run.err : '']).toEqual([exitCode, '']);
  return run.out;
}

const BEFORE = 'checkouts-before.jsonl';
const COMMANDS: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['traces', ['traces', BEFORE, '--route', 'POST /api/checkout', '--sort', 'duration', '--limit', '5']],
  ['show', ['show', BEFORE, '--span', 'reserve stock']],
  ['bottleneck.one', ['bottleneck', BEFORE]],
];

describe.each(COMMANDS)('%s', (name, args) => {
  test('text', async () => {
    const text = await outputOf(args);
    const lines = text.trimEnd().split('\n').slice(0, -1);
    expect(lines.filter((line) => columnsOf(line) > 80)).toEqual([]);
    expect(text).not.toContain('\x1b');
    expectGolden(`cli/${name}.txt`, text);
  });

  test('--json', async () => {
    const text = await outputOf([...args, '--json']);
    expect(JSON.parse(text)).toBeInstanceOf(Object);
    expectGolden(`cli/${name}.json`, text);
  });

  test('--markdown', async () => {
    expectGolden(`cli/${name}.md`, await outputOf([...args, '--markdown']));
  });
});

describe('--help', () => {
  test.each(['', 'bottleneck', 'show', 'traces', 'doctor', 'up'])('longpole %s', async (name) => {
    const { out } = await runLongpole([...(name === '' ? [] : [name]), '--help']);
    expect(out.split('\n').filter((line) => columnsOf(line) > 80)).toEqual([]);
    expectGolden(`cli/${name === '' ? 'longpole' : name}.help.txt`, out);
  });
});
