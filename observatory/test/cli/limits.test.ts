// Commands in CI: limits that hold, break or cannot be judged, sets that are empty, and what is said of each.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runLongpole, type Surroundings } from './fake-terminal.ts';
import { FIXTURES } from './golden-files.ts';

const BEFORE = join(FIXTURES, 'checkouts-before.jsonl');
const AFTER = join(FIXTURES, 'checkouts-after.jsonl');
const FAULTS = join(__dirname, '../analysis/findings/fixtures');
const PROPAGATION = join(FAULTS, 'propagation.otlp.jsonl');
const ROUTE = ['--route', 'POST /api/checkout'];
const now = Date.parse('2026-11-22T15:30:00Z');
const run = (args: readonly string[], more: Surroundings = {}) => runLongpole(args, { now, ...more });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'longpole-limits-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('bottleneck --fail-if', () => {
  const judge = (...limits: string[]) =>
    run(['bottleneck', BEFORE, ...ROUTE, '--last', '200', ...limits.flatMap((one) => ['--fail-if', one])]);

  test('limits that hold say nothing and end with 0', async () => {
    expect(await judge('p95 > 4s', 'payment > 90%')).toMatchObject({ exitCode: 0, err: '' });
  });

  test('each broken one is named with the actual value, and the report is printed all the same', async () => {
    const { exitCode, out, err } = await judge('p95 > 800ms', 'max > 4s', 'payment > 60%');
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^broken: p95 > 800ms: .* 3 073 ms .*\nbroken: payment > 60%: .* 82\.\d % .*\n$/);
    expect(out).toContain('p50 3 032 ms');
  });

  test('--json has them too', async () => {
    const { out } = await run(['bottleneck', BEFORE, ...ROUTE, '--fail-if', 'p95 > 800ms', '--json']);
    expect(JSON.parse(out).brokenLimits).toMatchObject([
      {
        limit: 'p95 > 800ms',
        reason: 'broken',
        route: { operation: 'POST /api/checkout' },
        actual: '3 073 ms',
      },
    ]);
  });

  test('with too few traces to judge it fails and says so', async () => {
    const { exitCode, err } = await run([
      'bottleneck',
      BEFORE,
      ...ROUTE,
      '--last',
      '3',
      '--fail-if',
      'p95 > 4s',
    ]);
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^not judged: p95 > 4s: POST \/api\/checkout has 3 traces/);
  });

  test('that is no limit is wrong use, before anything is read', async () => {
    const { exitCode, err } = await run(['bottleneck', 'missing.jsonl', '--fail-if', 'p95 >> 800ms']);
    expect([exitCode, err]).toEqual([2, expect.stringMatching(/Did you mean >\? \(ERR_LONGPOLE_LIMIT\)\n$/)]);
  });

  test('with several routes needs to know which', async () => {
    const { exitCode, err } = await run(['bottleneck', BEFORE, '--fail-if', 'p95 > 1s']);
    expect(exitCode).toBe(2);
    expect(err).toMatch(
      /name it with --route\. There are: gateway · POST \/api\/checkout, notify · process receipt\./,
    );
  });
});

describe('a route that is not there', () => {
  const said =
    /Did you mean "POST \/api\/checkout"\? There are: gateway · POST \/api\/checkout \(30 traces\), notify · process receipt \(30 traces\)\./;

  test.each(['bottleneck', 'doctor', 'traces'])('%s names those that are', async (command) => {
    const { exitCode, out, err } = await run([command, BEFORE, '--route', 'POST /api/chekout']);
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toMatch(said);
  });

  test('on standard input, which can be read once only', async () => {
    const stdin = readFileSync(BEFORE, 'utf8');
    const { exitCode, err } = await run(['doctor', '-', '--route', 'POST /api/chekout'], { stdin });
    expect([exitCode, err]).toEqual([2, expect.stringMatching(said)]);
    const found = await run(['traces', '-', ...ROUTE, '--last', '2', '--json'], { stdin });
    expect(JSON.parse(found.out)).toMatchObject({ source: 'standard input', found: 2 });
  });
});

describe('compare --fail-if', () => {
  test('a fix passes, and undoing it fails with the actual value', async () => {
    const fix = await run(['compare', '--before', BEFORE, '--after', AFTER, '--fail-if', 'slower > 10%']);
    const undone = await run(['compare', '--before', AFTER, '--after', BEFORE, '--fail-if', 'slower > 10%']);
    expect([fix.exitCode, fix.err, undone.exitCode]).toEqual([0, '', 1]);
    expect(undone.err).toMatch(/^broken: slower > 10%: POST \/api\/checkout got \d+\.\d % slower/);
  });

  test('the same set twice changed nothing', async () => {
    const args = ['compare', '--before', BEFORE, '--after', BEFORE, ...ROUTE, '--json'];
    expect(JSON.parse((await run(args)).out).routes).toMatchObject([{ verdict: 'unchanged' }]);
  });

  test('two windows of one source', async () => {
    const args = ['compare', '--source', BEFORE, '--before', '1h..2026-11-22T15:17:10Z', '--json', ...ROUTE];
    const { before, after } = JSON.parse((await run([...args, '--after', '2026-11-22T15:17:10Z..now'])).out);
    expect([before.traces + after.traces, before.traces > 0, after.traces > 0]).toEqual([30, true, true]);
  });

  test.each<[string, string[], RegExp]>([
    [
      'without the second set',
      ['--before', 'a.jsonl'],
      /required option '--after <FILE \| URL \| WINDOW>' not specified/,
    ],
    ['with standard input twice', ['--before', '-', '--after', '-'], /^error: Standard input can be one of/],
    ['with a window that is none', ['--before', 'x..y', '--after', '1h'], /--before "x" is no time/],
    [
      'with a source for files',
      ['--before', BEFORE, '--after', AFTER, '--source', 'http://h:1'],
      /^error: --source is for windows/,
    ],
    ['with a trace', ['--before', 'f'.repeat(32), '--after', AFTER], /compare needs many traces/],
  ])('%s is wrong use', async (_, args, message) => {
    const { exitCode, err } = await run(['compare', ...args]);
    expect([exitCode, err]).toEqual([2, expect.stringMatching(message)]);
  });
});

describe('doctor --fail-on', () => {
  test('a finding that is named ends with 1 and is said on standard error', async () => {
    const args = ['doctor', PROPAGATION, '--fail-on', 'broken-propagation,missing-attributes'];
    const { exitCode, err } = await run(args);
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^broken: --fail-on broken-propagation: gateway called payment 2 times/);
  });

  test('any is every finding; another code is none of them; a healthy set has none', async () => {
    expect((await run(['doctor', PROPAGATION, '--fail-on', 'any'])).exitCode).toBe(1);
    expect((await run(['doctor', PROPAGATION, '--fail-on', 'lost-job'])).exitCode).toBe(0);
    expect((await run(['doctor', BEFORE, '--fail-on', 'any', '--complete'])).exitCode).toBe(0);
  });

  test('a threshold can be moved', async () => {
    const nPlusOne = join(FAULTS, 'n-plus-one.otlp.jsonl');
    const args = ['doctor', nPlusOne, '--only', 'n-plus-one', '--fail-on', 'any'];
    expect((await run(args)).exitCode).toBe(1);
    expect((await run([...args, '--threshold', 'nPlusOneCalls=5'])).exitCode).toBe(0);
    expect((await run([...args, '--threshold', 'nPlusOneCall=5'])).err).toContain(
      'Did you mean nPlusOneCalls?',
    );
    expect((await run([...args, '--threshold', 'nPlusOneCalls'])).err).toContain('give a name and a number');
  });

  test('a misspelt code is met with the right one', async () => {
    const { exitCode, err } = await run(['doctor', PROPAGATION, '--fail-on', 'broken-propagtion']);
    expect([exitCode, err]).toEqual([2, expect.stringContaining('Did you mean broken-propagation?')]);
  });
});

describe('input that is wrong', () => {
  test('a source without traces', async () => {
    const empty = fileWith('empty.jsonl', '{"resourceSpans":[]}\n');
    for (const command of ['doctor', 'traces', 'bottleneck']) {
      const { exitCode, out, err } = await run([command, empty, '--last', '5']);
      expect([exitCode, out]).toEqual([2, '']);
      expect(err).toMatch(/^error: .*empty\.jsonl .* \(ERR_LONGPOLE_\w+\)\n$/);
    }
  });

  test('a file that is cut off is read as far as it goes, with a warning', async () => {
    const cut = fileWith('cut.jsonl', readFileSync(BEFORE, 'utf8').slice(0, 300_000));
    const { exitCode, err, out } = await run(['traces', cut, '--json']);
    expect([exitCode, err]).toEqual([0, expect.stringMatching(/^warning: .*cut\.jsonl/)]);
    expect(JSON.parse(out).warnings).toHaveLength(1);
  });

  test('a filter that nothing meets', async () => {
    const said = async (...filters: string[]) => {
      const { exitCode, err } = await run(['traces', BEFORE, ...filters]);
      expect(exitCode).toBe(2);
      return err;
    };
    expect(await said('--attribute', 'user.id=nobody')).toMatch(
      /has no traces that match --operation, --max or --attribute\. \(ERR_LONGPOLE_NO_TRACES\)/,
    );
    expect(await said('--service', 'nope', '--min', '1s', '--errors')).toContain(
      'has no traces with a span of "nope", of at least 1000 ms, with an error.',
    );
    expect(await said('--since', '2026-11-22T15:29:00Z')).toContain(
      'has no traces begun since 2026-11-22T15:29:00.000Z.',
    );
  });

  test.each<[string, string[], RegExp]>([
    [
      'two formats of output',
      ['traces', BEFORE, '--json', '--markdown'],
      /Ask for --json or --markdown, not both/,
    ],
    ['a sort that is none', ['traces', BEFORE, '--sort', 'duraton'], /Did you mean "duration"\?/],
    ['a count that is none', ['doctor', BEFORE, '--last', 'many'], /--last many: give a whole number/],
    [
      'a trace and a set',
      ['bottleneck', 'a'.repeat(32), '--last', '3'],
      /by its id, or several by --last, not both/,
    ],
    [
      'a scale without a factor',
      ['what-if', BEFORE, '--scale', 'payment'],
      /has no factor: write --scale 'payment=0\.5'/,
    ],
    ['spans that are not there', ['show', BEFORE, '--span', 'paymant'], /Did you mean "payment"\?/],
    ['a misspelt command', ['doktor'], /Did you mean doctor\?/],
    ['a misspelt option', ['doctor', '--fail-one', 'any'], /Did you mean --fail-on\?/],
    ['an option without its value', ['compare', '--before'], /argument missing/],
  ])('%s', async (_, args, message) => {
    const { exitCode, out, err } = await run(args);
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toMatch(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  test('a flame graph that cannot be written', async () => {
    const writeFile = async () => {
      throw Object.assign(new Error('no'), { code: 'ENOENT' });
    };
    const { exitCode, err } = await run(['bottleneck', BEFORE, ...ROUTE, '--flame', 'no/x.svg'], {
      writeFile,
    });
    expect([exitCode, err]).toEqual([
      2,
      expect.stringMatching(/--flame no\/x\.svg cannot be written: there is no such folder/),
    ]);
  });
});

describe('progress', () => {
  test('is one line on a terminal, and gone at the end', async () => {
    const { out, err } = await run(['doctor', BEFORE], { isErrorTty: true, tickMs: 600, columns: 80 });
    expect(err).toContain('\r\x1b[2Kreading ');
    expect(err.endsWith('\r\x1b[2K')).toBe(true);
    expect(out).not.toContain('reading');
  });

  test('is not written where nobody watches, nor for a short read', async () => {
    expect((await run(['doctor', BEFORE], { tickMs: 600 })).err).toBe('');
    expect((await run(['doctor', BEFORE], { isErrorTty: true })).err).toBe('');
  });
});

describe('attributes and sorting', () => {
  test('of traces', async () => {
    const args = ['traces', BEFORE, '--attribute', 'user.id=ada', '--service', 'payment', '--min', '3.04s'];
    const { traces, found } = JSON.parse((await run([...args, '--sort', 'duration', '--json'])).out);
    const durations = traces.map(({ durationMs }: { durationMs: number }) => durationMs);
    expect(found).toBeGreaterThan(3);
    expect(Math.min(...durations)).toBeGreaterThanOrEqual(3_040);
    expect(durations).toEqual([...durations].sort((a, b) => b - a));
  });
});

describe('several changes of what-if', () => {
  const replayed = async (...changes: string[]) => {
    const { out } = await run(['what-if', BEFORE, ...changes, '--json']);
    return JSON.parse(out) as { afterMs: number; sentence: string; changes: { afterMs: number }[] };
  };

  test('a change that changes nothing changes nothing after a removal either', async () => {
    const { changes } = await replayed('--remove', 'notify', '--scale', 'payment=1', '--scale', 'notify=0.5');
    expect(new Set(changes.map(({ afterMs }) => afterMs)).size).toBe(1);
  });

  test('come to the same in any order, and are told in theirs', async () => {
    const scaled = await replayed('--scale', 'payment=0.04', '--remove', 'notify');
    const removed = await replayed('--remove', 'notify', '--scale', 'payment=0.04');
    expect(removed.afterMs).toBeCloseTo(scaled.afterMs, 5);
    expect(scaled.sentence).toMatch(/^With payment × 0\.04, without notify, POST/);
    expect(removed.sentence).toMatch(/^Without notify, with payment × 0\.04, POST/);
  });
});

describe('--route of a command about one trace', () => {
  test.each([['show'], ['what-if']])('%s takes the newest of it', async (command) => {
    const newest = await run(['traces', BEFORE, ...ROUTE, '--limit', '1', '--json']);
    const { out, exitCode } = await run([command, BEFORE, ...ROUTE, '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(out).traceId).toBe(JSON.parse(newest.out).traces[0].traceId);
  });

  test('not of a route that is not there, nor with an id, nor with --wait', async () => {
    const wrong = await run(['show', BEFORE, '--route', 'POST /api/chekout']);
    expect([wrong.exitCode, wrong.err]).toEqual([
      2,
      expect.stringContaining('Did you mean "POST /api/checkout"?'),
    ]);
    expect((await run(['show', BEFORE, 'a'.repeat(32), ...ROUTE])).err).toContain('not both');
    expect((await run(['what-if', BEFORE, ...ROUTE, '--wait', '1'])).err).toContain('leave out --route');
  });
});
