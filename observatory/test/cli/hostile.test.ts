// Names from spans that try to steer a terminal, or to mean something in Markdown: in every command and format.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { columnsOf } from '../../src/cli/fit-text.ts';
import { spansToOtlpJson } from '../../src/wire/otlp-json.ts';
import { makeSpan } from '../trace/draw.ts';
import { runLongpole } from './fake-terminal.ts';

const STEERING = /[^\P{Cc}\n]|[\p{Cf}\u2028\u2029]/u;
const SERVICE = '\x1b[2J|pay`ment`\u202e';
const ROOT = '@octocat <img src=x onerror=alert(1)> | 注文 [x](javascript:1)\r\n';
const CHILD = '```\n# heading\n\x1b]0;owned\x07 \u009b31m';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'longpole-hostile-'));
  file = join(folder, 'hostile.jsonl');
  const lines = Array.from({ length: 24 }, (_, i) => {
    const traceId = String(i).padStart(32, 'a');
    const at = i * 1_000;
    const root = makeSpan({
      id: `r${i}`,
      service: SERVICE,
      name: ROOT,
      kind: 'SERVER',
      startMs: at,
      endMs: at + 100 + i,
    });
    const child = makeSpan({
      id: `c${i}`,
      parent: `r${i}`,
      service: 'db',
      name: CHILD,
      startMs: at + 10,
      endMs: at + 90,
      attributes: { '\x1b[1mkey': '\x1b[2Jvalue', list: ['\u0007', 1n] },
      events: [{ name: '\x1b[3mevent', timeNs: 1n, attributes: {}, droppedAttributesCount: 0 }],
      status: { code: 'ERROR', message: '\x1b[5mblink' },
    });
    return JSON.stringify(
      spansToOtlpJson([
        { ...root, traceId },
        { ...child, traceId },
      ]),
    );
  });
  writeFileSync(file, lines.join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const COMMANDS: readonly (readonly [string, (path: string) => string[]])[] = [
  ['bottleneck of one', (path) => ['bottleneck', path]],
  ['bottleneck of many', (path) => ['bottleneck', path, '--last', '100']],
  ['show', (path) => ['show', path, '--span', 'db']],
  ['traces', (path) => ['traces', path]],
  ['what-if', (path) => ['what-if', path, '--scale', 'db=0.5']],
  ['compare', (path) => ['compare', '--before', path, '--after', path]],
  ['doctor', (path) => ['doctor', path]],
];

describe.each(COMMANDS)('%s', (_, argumentsFor) => {
  test.each([[[]], [['--json']], [['--markdown']]])('%j cannot steer a terminal', async (format) => {
    const { out, err } = await runLongpole([...argumentsFor(file), ...format]);
    expect(out.length).toBeGreaterThan(10);
    expect(out + err).not.toMatch(STEERING);
  });

  test('keeps a table in its columns, and its rows within 80', async () => {
    const { out } = await runLongpole(argumentsFor(file));
    const rows = out
      .split('\n')
      .filter(
        (line) => / (ms|µs) .* (%|─|█)/.test(line) && !/\b(holds|takes|took|shows no change)\b/.test(line),
      );
    expect(rows.filter((line) => columnsOf(line) > 80)).toEqual([]);
  });

  test('means nothing in Markdown outside of a block', async () => {
    const { out } = await runLongpole([...argumentsFor(file), '--markdown']);
    const prose = out.replace(/^(`{3,}).*?^\1$/gms, '').replace(/&#\d+;|<\/?code>/g, '');
    expect(prose).not.toMatch(/@octocat|<img|\]\(|`|javascript:1/);
    for (const line of prose.split('\n').filter((one) => one.startsWith('| ')))
      expect(line.split('|').length).toBe(prose.match(/^\| .*$/m)?.[0].split('|').length);
  });
});

test('colours are all that is added when they are forced', async () => {
  const env = { FORCE_COLOR: '1' };
  for (const [, argumentsFor] of COMMANDS) {
    const plain = await runLongpole(argumentsFor(file));
    const colored = await runLongpole(argumentsFor(file), { env });
    expect(colored.out).toContain('\x1b[');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences
    expect(colored.out.replace(/\x1b\[\d+(;\d+)*m/g, '')).toBe(plain.out);
  }
});
