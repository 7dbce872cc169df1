// The command line as a process: exit codes, signals, a reader that goes away, and a Node that is too old.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';

const PACKAGE = join(__dirname, '../..');
const MAIN = join(PACKAGE, 'src/cli/main.ts');
const CHECKOUT = join(PACKAGE, 'test/golden/checkout.otlp.jsonl');

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function start(args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, args, { env: { ...process.env, FORCE_COLOR: '', NO_COLOR: '' } });
  children.push(child);
  return child;
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function ended(child: ChildProcess): Promise<Ended> {
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

describe('the process', () => {
  test('ends with 0 when all is well, without colours in a pipe', async () => {
    const { code, out, err } = await ended(start([MAIN, 'bottleneck', CHECKOUT]));
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^payment · authorize with acquirer holds up POST \/api\/checkout: /m);
    expect(out).not.toContain('\x1b');
  });

  test('ends with 2 on wrong use and with 3 on a source that cannot be reached', async () => {
    const wrong = await ended(start([MAIN, 'bottleneck', 'missing.json']));
    const away = await ended(start([MAIN, 'bottleneck', '--source', 'http://127.0.0.1:9']));
    expect([wrong.code, away.code]).toEqual([2, 3]);
    expect(wrong.err + away.err).not.toMatch(/^ {4}at /m);
  });

  test('reads standard input', async () => {
    const child = start([MAIN, 'bottleneck', '-', '--json']);
    child.stdin?.end('{"resourceSpans":[]}');
    expect(await ended(child)).toMatchObject({ code: 2, out: '' });
  });

  test('reads a pipe that has a name, such as /dev/stdin or <(zcat …), though it can be read once only', async () => {
    const whole = await ended(start([MAIN, 'bottleneck', CHECKOUT]));
    const script = `cat '${CHECKOUT}' | '${process.execPath}' '${MAIN}' bottleneck /dev/stdin`;
    const shell = spawn('sh', ['-c', script], { env: { ...process.env, FORCE_COLOR: '', NO_COLOR: '' } });
    children.push(shell);
    expect(await ended(shell)).toEqual(whole);
  });

  test('a reader that goes away (| head) is no failure', async () => {
    const child = start([MAIN, 'bottleneck', CHECKOUT, '--json']);
    child.stdout?.destroy();
    const { err } = await ended(child);
    expect(err).toBe('');
  });

  test('a reader that goes away does not change what is found: the exit code stays', async () => {
    const lost = join(PACKAGE, 'test/analysis/findings/fixtures/propagation.otlp.jsonl');
    const child = start([MAIN, 'doctor', lost, '--fail-on', 'broken-propagation']);
    child.stdout?.destroy();
    expect(await ended(child)).toMatchObject({ code: 1 });
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('a command that is interrupted by %s ends quietly with %i', async (signal, code) => {
    const child = start([MAIN, 'doctor', '-']);
    const end = ended(child);
    child.stdin?.write(`{"resourceSpans":[${' '.repeat(1_000_000)}`);
    await Promise.race([once(child.stdin!, 'drain'), end]);
    child.kill(signal);
    expect(await end).toEqual({ code, out: '', err: '' });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('up ends with 0 on %s', async (signal) => {
    const child = start([MAIN, 'up', '--ui-port', '0', '--otlp-port', '0']);
    const end = ended(child);
    await Promise.race([once(child.stdout!, 'data'), end]);
    child.kill(signal);
    expect(await end).toMatchObject({ code: 0, err: '' });
  });
});

describe('the launcher', () => {
  test('on a Node that is too old says so in one line and ends with 2', async () => {
    const pretend =
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } })";
    const launcher = join(PACKAGE, 'bin/longpole.js');
    const { code, out, err } = await ended(start(['--import', `data:text/javascript,${pretend}`, launcher]));
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^error: longpole needs Node 22\.15 or newer; this is 20\.19\.0 at .*\.\n$/);
  });
});
