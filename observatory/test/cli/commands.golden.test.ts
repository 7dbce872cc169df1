// Whole outputs of the commands on recorded traces of the demo: text at 80 columns, JSON, Markdown, and every help.
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { columnsOf } from '../../src/cli/fit-text.ts';
import { runLongpole } from './fake-terminal.ts';
import { expectGolden, FIXTURES } from './golden-files.ts';

const FAULTS = join(__dirname, '../analysis/findings/fixtures');
const NOW = Date.parse('2026-11-23T12:00:00Z');
const folder = process.cwd();
afterEach(() => process.chdir(folder));

/** Runs in the folder of the recordings, so that they are called by their names. */
async function outputOf(args: readonly string[], exitCode = 0): Promise<string> {
  process.chdir(args[0] === 'doctor' ? FAULTS : FIXTURES);
  const run = await runLongpole(args, { now: NOW });
  expect([run.exitCode, exitCode === 0 ? run.err : '']).toEqual([exitCode, '']);
  return run.out;
}

const BEFORE = 'checkouts-before.jsonl';
const AFTER = 'checkouts-after.jsonl';
const ROUTE = ['--route', 'POST /api/checkout'];
const COMMANDS: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['bottleneck.one', ['bottleneck', BEFORE]],
  ['bottleneck.many', ['bottleneck', BEFORE, ...ROUTE, '--last', '200']],
  ['bottleneck.routes', ['bottleneck', BEFORE, '--last', '200']],
  ['compare.faster', ['compare', '--before', BEFORE, '--after', AFTER, ...ROUTE]],
  ['compare.slower', ['compare', '--before', AFTER, '--after', BEFORE, ...ROUTE]],
  ['compare.few', ['compare', '--before', BEFORE, '--after', AFTER, ...ROUTE, '--last', '4']],
  ['doctor.propagation', ['doctor', 'propagation.otlp.jsonl']],
  ['doctor.n-plus-one', ['doctor', 'n-plus-one.otlp.jsonl']],
  ['doctor.attributes', ['doctor', 'attributes.otlp.jsonl']],
  ['doctor.lost-job', ['doctor', 'lost-job.otlp.jsonl', '--complete']],
  ['doctor.healthy', ['doctor', 'healthy.otlp.jsonl', '--complete']],
  ['show', ['show', BEFORE, '--span', 'reserve stock']],
  ['traces', ['traces', BEFORE, ...ROUTE, '--sort', 'duration', '--limit', '5']],
  ['what-if.halves', ['what-if', BEFORE]],
  ['what-if.one', ['what-if', BEFORE, '--scale', 'payment=0.04']],
  ['what-if.several', ['what-if', BEFORE, '--scale', 'payment · POST /charges=0.1', '--remove', 'notify']],
];

/** The verdict's sentence is one line, however long, so that it can be copied and searched for. */
function isSentence(line: string): boolean {
  return / (holds up|takes|took|got|too few traces) /.test(line);
}

describe.each(COMMANDS)('%s', (name, args) => {
  test('text', async () => {
    const text = await outputOf(args);
    const lines = text.split('\n').filter((line) => !isSentence(line));
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

describe('flame graphs', () => {
  test('folded stacks, one line a stack', async () => {
    const text = await outputOf(['bottleneck', BEFORE, ...ROUTE, '--folded']);
    expect(text).toMatch(/^(.+ \d+\n)+$/);
    expectGolden('cli/bottleneck.folded.txt', text);
  });

  test('an SVG in the file that is named, beside the report', async () => {
    process.chdir(FIXTURES);
    const { exitCode, out, files } = await runLongpole([
      'bottleneck',
      BEFORE,
      ...ROUTE,
      '--flame',
      'path.svg',
    ]);
    expect([exitCode, out.split('\n')[0]]).toEqual([0, 'gateway · POST /api/checkout · 30 traces, 0 errors']);
    expect(files.get('path.svg')).toMatch(/<svg.*authorize with acquirer.*<\/svg>\s*$/s);
  });
});

describe('--help', () => {
  test.each(['', 'bottleneck', 'show', 'traces', 'what-if', 'compare', 'doctor', 'up'])(
    'longpole %s',
    async (name) => {
      const { out } = await runLongpole([...(name === '' ? [] : [name]), '--help']);
      expect(out.split('\n').filter((line) => columnsOf(line) > 80)).toEqual([]);
      expectGolden(`cli/${name === '' ? 'longpole' : name}.help.txt`, out);
    },
  );
});
