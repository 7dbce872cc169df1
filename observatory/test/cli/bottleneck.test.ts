// `longpole bottleneck` and its company: what is read, when it is coloured, and each failure as a sentence and a code.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { spansToOtlpJson } from '../../src/wire/otlp-json.ts';
import { type FakeBackend, sendJson, startFakeBackend } from '../sources/fake-backend.ts';
import { draw, TRACE_ID } from '../trace/draw.ts';
import { runLongpole } from './fake-terminal.ts';

const SENTENCE = 'auth · look holds up GET /: 60 ms of 100 ms (60 %)';
const { spans } = draw(`
  gateway GET / [server]  |==========|
    gateway GET [client]  | ======== |
      auth look [server]  |  ======  |
`);
const answer = { result: spansToOtlpJson(spans) };

let folder: string;
let file: string;
let backend: FakeBackend;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'longpole-'));
  file = join(folder, 'traces.json');
  writeFileSync(file, JSON.stringify(answer));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  backend = await startFakeBackend((url, res) => {
    if (url.pathname === '/api/v3/services') sendJson(res, { services: ['gateway'] });
    else sendJson(res, answer);
  });
});
afterEach(() => backend.close());

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}

describe('reading', () => {
  test('the newest from --source', async () => {
    const { out, exitCode } = await runLongpole(['bottleneck', '--source', backend.url]);
    expect([exitCode, lastLine(out)]).toEqual([0, SENTENCE]);
  });

  test('one by its id from LONGPOLE_SOURCE; a traceresponse header will do', async () => {
    const env = { LONGPOLE_SOURCE: backend.url };
    const { out } = await runLongpole(['bottleneck', `00-${TRACE_ID}-b7ad6b7169203331-01`], { env });
    expect(lastLine(out)).toBe(SENTENCE);
    expect(backend.asked).toEqual([`/api/v3/traces/${TRACE_ID}`]);
  });

  test('one by its address, as an argument or as --source, or by a header line as it was copied', async () => {
    const path = `/api/v3/traces/${TRACE_ID}`;
    for (const page of ['/trace/', '/api/traces/', '/api/v3/traces/']) {
      const url = `${backend.url}${page}${TRACE_ID}`;
      for (const args of [[url], ['--source', url], ['--source', backend.url, TRACE_ID]]) {
        backend.asked.splice(0);
        expect(lastLine((await runLongpole(['bottleneck', ...args])).out)).toBe(SENTENCE);
        expect(backend.asked).toEqual([path]);
      }
    }
    backend.asked.splice(0);
    const header = `traceresponse: 00-${TRACE_ID}-b7ad6b7169203331-01`;
    await runLongpole(['bottleneck', header, '--source', backend.url]);
    expect(backend.asked).toEqual([path]);
  });

  test('from the port that LONGPOLE_UI_PORT names, as up does, unless LONGPOLE_SOURCE is set', async () => {
    const env = { LONGPOLE_UI_PORT: new URL(backend.url).port };
    expect(lastLine((await runLongpole(['bottleneck'], { env })).out)).toBe(SENTENCE);
    const wrong = { LONGPOLE_UI_PORT: '1', LONGPOLE_SOURCE: backend.url };
    expect(lastLine((await runLongpole(['bottleneck'], { env: wrong })).out)).toBe(SENTENCE);
    const { err } = await runLongpole(['bottleneck'], { env: { LONGPOLE_UI_PORT: 'http' } });
    expect(err).toBe(
      'error: LONGPOLE_UI_PORT http: give a whole number from 1 to 65535. (ERR_LONGPOLE_USAGE)\n',
    );
  });

  test('one that is still arriving, with --wait', async () => {
    let polls = 0;
    backend.answer = (_, res) => {
      polls += 1;
      const arrived = spans.slice(0, polls - 2);
      if (arrived.length === 0) sendJson(res, { error: { httpCode: 404, message: 'not found' } }, 404);
      else sendJson(res, { result: spansToOtlpJson(arrived) });
    };
    const { out } = await runLongpole(['bottleneck', TRACE_ID, '--wait', '10', '--source', backend.url]);
    expect(lastLine(out)).toBe(SENTENCE);
  });

  test('from a file, a file and an id in any order, and standard input', async () => {
    const stdin = JSON.stringify(answer);
    for (const args of [[file], [file, TRACE_ID], [TRACE_ID, file], ['-'], ['-', TRACE_ID]]) {
      const { out } = await runLongpole(['bottleneck', ...args], { stdin });
      expect(lastLine(out)).toBe(SENTENCE);
    }
    expect(backend.asked).toEqual([]);
  });

  test('a file wins over LONGPOLE_SOURCE', async () => {
    const env = { LONGPOLE_SOURCE: 'http://127.0.0.1:9' };
    expect((await runLongpole(['bottleneck', file], { env })).exitCode).toBe(0);
  });
});

describe('--json', () => {
  test('has exactly the promised fields', async () => {
    const { out } = await runLongpole(['bottleneck', file, '--json']);
    expect(JSON.parse(out)).toEqual({
      traceId: TRACE_ID,
      durationMs: 100,
      bottleneck: { kind: 'own', service: 'auth', operation: 'look', peer: '', selfMs: 60, share: 0.6 },
      criticalPath: [
        { spanId: spans[0]?.spanId, service: 'gateway', operation: 'GET /', startMs: 0, selfMs: 20 },
        { spanId: spans[1]?.spanId, service: 'gateway', operation: 'GET', startMs: 10, selfMs: 20 },
        { spanId: spans[2]?.spanId, service: 'auth', operation: 'look', startMs: 20, selfMs: 60 },
      ],
      gaps: [0, 90].map((startMs) => ({
        spanId: spans[0]?.spanId,
        service: 'gateway',
        operation: 'GET /',
        startMs,
        durationMs: 10,
        share: 0.1,
        sentence: `10 ms in gateway ${startMs === 0 ? 'before' : 'after'} the call to auth: nothing traced`,
      })),
      warnings: [],
      sentence: SENTENCE,
    });
  });
});

describe('time in which nothing was traced', () => {
  const outputOf = async (picture: string, ...args: string[]): Promise<string> => {
    const stdin = JSON.stringify(spansToOtlpJson(draw(picture).spans));
    return (await runLongpole(['bottleneck', '-', ...args], { stdin })).out;
  };
  const LATE = `
    gateway POST /checkout    |========================================|
      gateway POST [client]   |                  ================      |
        payment POST [server] |                  ================      |
  `;
  const SAID = '180 ms in gateway before the call to payment: nothing traced (45 %)';

  test('is told with its place when it is much of the request', async () => {
    expect((await outputOf(LATE)).split('\n')).toContain(SAID);
    expect(await outputOf(LATE, '--markdown')).toContain(SAID);
    expect(JSON.parse(await outputOf(LATE, '--json'))).toMatchObject({
      gaps: [{ startMs: 0, durationMs: 180, share: 0.45 }, { startMs: 340 }],
    });
  });

  test('is left to the drawing when it is little', async () => {
    const out = await outputOf(`
      gateway POST /checkout    |========================================|
        gateway POST [client]   |   =====================================|
          payment POST [server] |   =====================================|
    `);
    expect(out).not.toContain('nothing traced');
  });
});

describe('colours', () => {
  const isColored = async (args: string[], surroundings: Parameters<typeof runLongpole>[1]) =>
    (await runLongpole(['bottleneck', file, ...args], surroundings)).out.includes('\x1b[');

  test('are for terminals that want them', async () => {
    expect(await isColored([], { columns: 80 })).toBe(true);
    expect(await isColored([], {})).toBe(false);
    expect(await isColored(['--no-color'], { columns: 80 })).toBe(false);
    expect(await isColored([], { columns: 80, env: { NO_COLOR: '1' } })).toBe(false);
    expect(await isColored([], { columns: 80, env: { TERM: 'dumb' } })).toBe(false);
    expect(await isColored([], { env: { FORCE_COLOR: '1' } })).toBe(true);
    expect(await isColored([], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).toBe(false);
  });
});

describe('failures', () => {
  test.each<[string, string[], number, RegExp]>([
    ['an argument that is nothing', ['nothing'], 2, /^error: "nothing" is neither a file nor a trace id/],
    ['a file that is not there', ['nothing.json'], 2, /no such file\. \(ERR_LONGPOLE_FILE_UNREADABLE\)\n$/],
    [
      'a path that is not there',
      ['./nothing'],
      2,
      /^error: \.\/nothing cannot be read: there is no such file/,
    ],
    ['a file and a URL', ['x.json', 'http://h:1'], 2, /^error: Name a file or a URL, not both/],
    [
      'a URL and --source',
      ['http://h:1', '--source', 'http://h:2'],
      2,
      /^error: Name a URL or --source, not both/,
    ],
    ['two ids', [TRACE_ID, 'f'.repeat(32)], 2, /^error: Name one trace id, not two/],
    ['three arguments', ['a', 'b', 'c'], 2, /^error: Name one file and one trace id at most/],
    [
      'a wait that is no number',
      [TRACE_ID, '--wait', 'long'],
      2,
      /^error: --wait long: give a number of seconds/,
    ],
    ['a source that is no URL', ['--source', 'jaeger:16686'], 2, /Did you mean http:\/\/jaeger:16686\?/],
    [
      'a misspelt option',
      ['--jsno'],
      2,
      /unknown option '--jsno' \(Did you mean --json\?\) \(ERR_LONGPOLE_USAGE\)\n$/,
    ],
    ['an option without its value', ['--source'], 2, /argument missing \(ERR_LONGPOLE_USAGE\)\n$/],
    ['an option that steers terminals', ['--\x1b[2J'], 2, /unknown option '--\\x1b\[2J' \(ERR_/],
  ])('%s', async (_, args, code, message) => {
    const { exitCode, out, err } = await runLongpole(['bottleneck', ...args]);
    expect([exitCode, out]).toEqual([code, '']);
    expect(err).toMatch(message);
  });

  test('a file and --source contradict each other', async () => {
    const { exitCode, err } = await runLongpole(['bottleneck', file, '--source', backend.url]);
    expect(exitCode).toBe(2);
    expect(err).toMatch(/Name a file or --source, not both: .* \(ERR_LONGPOLE_USAGE\)\n$/);
  });

  test('a trace that is not there is 2, in one line with its code', async () => {
    backend.answer = (_, res) => sendJson(res, { error: { httpCode: 404, message: 'no' } }, 404);
    const { exitCode, err } = await runLongpole(['bottleneck', TRACE_ID, '--source', backend.url]);
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^error: Trace 0123.* \(ERR_LONGPOLE_TRACE_NOT_FOUND\)\n$/);
    expect(err.split('\n')).toHaveLength(2);
  });

  test('a source that does not answer is 3', async () => {
    await backend.close();
    const { exitCode, err } = await runLongpole(['bottleneck', '--source', backend.url]);
    expect(exitCode).toBe(3);
    expect(err).toMatch(
      /cannot be reached: nothing listens there\. .* \(ERR_LONGPOLE_SOURCE_UNREACHABLE\)\n$/,
    );
  });

  test('a source that is something else is 3', async () => {
    backend.answer = (_, res) => res.end('<html>');
    expect((await runLongpole(['bottleneck', '--source', backend.url])).exitCode).toBe(3);
  });

  test('a cut-off file is 2', async () => {
    const cut = join(folder, 'cut.json');
    writeFileSync(cut, JSON.stringify(answer).slice(0, 200));
    const { exitCode, err } = await runLongpole(['bottleneck', cut]);
    expect(exitCode).toBe(2);
    expect(err).toContain('(ERR_LONGPOLE_FILE_TRUNCATED)');
  });

  test('what a server says cannot steer the terminal', async () => {
    backend.answer = (url, res) => {
      if (url.pathname.startsWith('/api/v3')) sendJson(res, { error: { message: '\x1b[2Jgone' } }, 500);
      else res.end('x');
    };
    const { err } = await runLongpole(['bottleneck', TRACE_ID, '--source', backend.url]);
    expect(err).toContain('\\x1b[2Jgone');
    expect(err).not.toContain('\x1b');
  });
});

describe('help', () => {
  test('of the whole and of each command has examples and exit codes, and is no failure', async () => {
    const commands = ['bottleneck', 'show', 'traces', 'doctor', 'up'].map((name) => [name, '--help']);
    for (const args of [['--help'], ['help'], ['up', '-h'], ['help', 'up'], ...commands]) {
      const { exitCode, out, err } = await runLongpole(args);
      expect([args, exitCode, err]).toEqual([args, 0, '']);
      expect(out).toMatch(/Examples:\n {2}\$ longpole/);
      expect(out).toContain('Exit codes: 0 ');
    }
  });

  test('no command is wrong use and shows the help', async () => {
    const { exitCode, err } = await runLongpole([]);
    expect(exitCode).toBe(2);
    expect(err).toContain('Usage: longpole');
    expect(lastLine(err)).toMatch(/^error: give a command: .* \(ERR_LONGPOLE_USAGE\)$/);
  });

  test('a misspelt command is met with the right one', async () => {
    const { exitCode, err } = await runLongpole(['botleneck']);
    const sentence = "error: unknown command 'botleneck' (Did you mean bottleneck?) (ERR_LONGPOLE_USAGE)\n";
    expect([exitCode, err]).toEqual([2, sentence]);
  });

  test('--version is the package’s', async () => {
    expect(await runLongpole(['--version'])).toMatchObject({ exitCode: 0, out: '1.2.3\n', err: '' });
  });
});
