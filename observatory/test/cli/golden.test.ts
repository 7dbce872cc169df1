// Whole outputs of `longpole bottleneck`, kept in test/golden: recorded traces of the demo, and drawn ones that are
// hard to print.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Trace } from '../../src/trace/span.ts';
import { spansToOtlpJson } from '../../src/wire/otlp-json.ts';
import { draw, makeSpan, TRACE_ID } from '../trace/draw.ts';
import { runLongpole, type Surroundings } from './fake-terminal.ts';
import { expectGolden, GOLDEN } from './golden-files.ts';

function visible(text: string): string {
  return text.replaceAll('\x1b', '␛');
}

async function outputOf(args: readonly string[], surroundings?: Surroundings): Promise<string> {
  const { exitCode, out, err } = await runLongpole(['bottleneck', ...args], surroundings);
  expect([exitCode, err]).toEqual([0, '']);
  return out;
}

describe('recorded traces of the demo', () => {
  const checkout = join(GOLDEN, 'checkout.otlp.jsonl');

  test('a checkout, piped', async () => {
    expectGolden('checkout.txt', await outputOf([checkout]));
  });

  test('a checkout in 120 columns with colours', async () => {
    expectGolden('checkout.color.txt', visible(await outputOf([checkout], { columns: 120 })));
  });

  test('a checkout in 40 columns', async () => {
    expectGolden('checkout.narrow.txt', await outputOf([checkout, '--no-color'], { columns: 20 }));
  });

  test('a checkout as JSON', async () => {
    expectGolden('checkout.verdict.json', await outputOf([checkout, '--json']));
  });

  test('the job a checkout left behind, by its id', async () => {
    expectGolden('job.txt', await outputOf([checkout, '058350ce257468547ef78abcb5693bdd']));
  });

  test('a declined card: failed spans are marked', async () => {
    expectGolden('declined.txt', await outputOf([join(GOLDEN, 'declined.jaeger-v3.json')]));
  });

  test('the README shows what is printed', () => {
    const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');
    expect(readme).toContain(
      `$ longpole bottleneck\n${readFileSync(join(GOLDEN, 'checkout.txt'), 'utf8')}\`\`\`\n`,
    );
    const printed = readFileSync(join(GOLDEN, 'declined.txt'), 'utf8').split('\n');
    const [, failed = ''] = /\n```\n(● {3}✗[^`]*)```/.exec(readme) ?? [];
    expect(failed.split('\n').length).toBeGreaterThan(4);
    expect(printed).toEqual(expect.arrayContaining(failed.split('\n')));
  });

  test('from Jaeger’s JSON the verdict is the same to the microsecond', async () => {
    const otlp = JSON.parse(await outputOf([checkout, '--json'])) as { bottleneck: { selfMs: number } };
    const jaeger = JSON.parse(
      await outputOf([join(GOLDEN, 'checkout.jaeger.json'), '--json']),
    ) as typeof otlp;
    expect(jaeger.bottleneck.selfMs).toBeCloseTo(otlp.bottleneck.selfMs, 2);
    expect({ ...jaeger.bottleneck, selfMs: 0 }).toEqual({ ...otlp.bottleneck, selfMs: 0 });
  });
});

describe('traces that are hard to print', () => {
  const print = (trace: Trace, surroundings: Surroundings = {}) =>
    outputOf(['-'], { ...surroundings, stdin: JSON.stringify(spansToOtlpJson(trace.spans)) });

  test('names that steer terminals, hide text and turn its direction', async () => {
    const names = [
      '\x1b]0;owned\x07\x1b[2J',
      'a\u202eb',
      'zero\u200bwidth',
      'line\r\nbreak',
      '\u009b31m',
      '\ud800',
      '',
    ];
    const spans = names.map((name, i) => {
      return makeSpan({
        id: `n${i}`,
        parent: i === 0 ? '' : 'n0',
        name,
        service: `s\x1b[1m${i}`,
        startMs: i,
        endMs: 20 - i,
      });
    });
    const text = await print({ traceId: TRACE_ID, spans }, { columns: 80, env: { NO_COLOR: '1' } });
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expectGolden('hostile-names.txt', text);
  });

  test('wide, combining and long names keep the columns', async () => {
    const names = [
      '注文を確定する',
      '👩‍👩‍👧 family',
      'e\u0301te\u0301',
      'ｆｕｌｌ',
      'x'.repeat(300),
      '長'.repeat(60),
    ];
    const spans = names.map((name, i) => {
      return makeSpan({ id: `n${i}`, parent: i === 0 ? '' : 'n0', name, startMs: i * 10, endMs: 100 });
    });
    expectGolden('wide-names.txt', await print({ traceId: TRACE_ID, spans }));
  });

  test('every kind of breakage, in words', async () => {
    const broken = draw(`
      gateway GET / [server]            |==========              |
        gateway GET [client]            | =====                  |
          auth look [server]            |           ===          |
        gateway late                    |         ==========     |
        gateway early                   | ===                    |
          gateway earlier               |==                      |
        gateway failed [error]          |       =                |
      cron tick                         |                  ==    |
      payment stray [parent=zz]         |   ===                  |
      loop x [id=x parent=z]            |                   ==   |
      loop y [id=y parent=x]            |                   =    |
      loop z [id=z parent=y]            |                   =    |
    `);
    expectGolden('broken.txt', await print(broken));
  });

  test('a root of no length', async () => {
    expectGolden('instant.txt', await print(draw('gateway GET / [server] |  !  |')));
    const { bottleneck } = JSON.parse(
      await outputOf(['-', '--json'], { stdin: JSON.stringify(spansToOtlpJson(draw('a b |!|').spans)) }),
    ) as { bottleneck: unknown };
    expect(bottleneck).toBeNull();
  });

  test('100 000 spans: the rows the verdict rests on, the others counted', async () => {
    const spans = Array.from({ length: 99_999 }, (_, i) => {
      const inLoop = i % 1_000 === 0;
      return makeSpan({
        id: `n${i}`,
        parent: inLoop ? 'r' : `n${Math.floor(i / 1_000) * 1_000}`,
        service: inLoop ? 'worker' : 'store',
        name: inLoop ? `batch ${i / 1_000}` : 'query',
        startMs: i,
        endMs: inLoop ? i + 1_000 : i + (i === 77_777 ? 300 : 1),
        status: { code: i === 4_242 ? 'ERROR' : 'UNSET', message: '' },
      });
    });
    const root = makeSpan({ id: 'r', service: 'worker', name: 'import', kind: 'SERVER', endMs: 100_000 });
    const text = await print({ traceId: TRACE_ID, spans: [...spans, root] });
    expect(text.split('\n').length).toBeLessThan(100);
    expectGolden('huge.txt', text);
  });

  test('10 000 deep: the ends of the chain and what is between them, counted', async () => {
    const spans = Array.from({ length: 10_000 }, (_, i) => {
      return makeSpan({
        id: `n${i}`,
        parent: i === 0 ? '' : `n${i - 1}`,
        name: `level ${i}`,
        startMs: i,
        endMs: 30_000 - i,
      });
    });
    expectGolden('deep.txt', await print({ traceId: TRACE_ID, spans }));
  });
});
