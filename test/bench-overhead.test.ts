// Tests what `npm run bench` makes of its arguments, of what it measured, and of the spans that arrive.

import { describe, expect, it } from '@jest/globals';
import { type Baseline, baselineOf, regressions } from '../bench/overhead/baseline.ts';
import { ratiosOf, tracedBlocks } from '../bench/overhead/blocks.ts';
import type { Comparison } from '../bench/overhead/compare.ts';
import { Answer } from '../bench/overhead/load/answer.ts';
import { checkNames, readOptions } from '../bench/overhead/options.ts';
import { quoteTables, quoteTargets } from '../bench/overhead/quotes.ts';
import { targetsSection } from '../bench/overhead/report/targets.ts';
import { comparisonSection } from '../bench/overhead/report/workloads.ts';
import { countJson, countProtobuf } from '../bench/overhead/sink/count-otlp.ts';
import { spreadOf } from '../bench/overhead/statistics.ts';
import type { Row, SpanCount } from '../bench/overhead/tally.ts';

const round = (cpu: number, addedUs = 0) => ({
  cpu,
  addedUs,
  bareUs: 200,
  throughput: 1 / cpu,
  barePerSecond: 3000,
  rssMb: 100,
  rssOverMb: 10,
  failed: 0,
  requests: 1000,
  spans: 2000,
});

const row = (name: string, cpus: readonly number[], spans?: SpanCount, trouble?: string): Row => ({
  name,
  label: name,
  rounds: cpus.map((cpu) => round(cpu, (cpu - 1) * 200)),
  halfLoads: [],
  failed: 0,
  spans,
  trouble,
});

const comparison = (...rows: Row[]): Comparison => ({
  workload: {
    name: 'hop',
    title: 'A hop',
    app: '',
    others: 0,
    shot: { method: 'GET', path: '/' },
    shareOfRequests: 1,
  },
  rounds: 1,
  bareUs: spreadOf([200]),
  barePerSecond: spreadOf([3000]),
  halfPerSecond: 1500,
  rows,
});

const counted = (made: number | undefined, received: number, underLoad = 2): SpanCount => ({
  atRest: 2,
  underLoad,
  made,
  received,
});

describe('the arguments of npm run bench', () => {
  it('reads them', () => {
    expect(readOptions([])).toEqual({ mode: 'default', isCheck: false, only: undefined, before: undefined });
    expect(readOptions(['--quick', '--only', 'longpole, hop', '--before', 'x'])).toMatchObject({
      mode: 'quick',
      only: ['longpole', 'hop'],
      before: 'x',
    });
  });

  it.each([
    [['--chek'], /'--chek'.*\n.*--check/s],
    [['--only'], /--only/],
    [['longpole'], /'longpole'/],
    [['--quick', '--full'], /exclude each other/],
  ])('answers %j with the argument and what can be said', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });

  it('answers a misspelt name with the names that there are', () => {
    expect(() => checkNames(['longpol', 'hop'], ['longpole', 'hop'])).toThrow(/“longpol”.*longpole, hop/);
    expect(() => checkNames(['hop'], ['longpole', 'hop'])).not.toThrow();
  });
});

describe('the figures of a round', () => {
  it('gives both applications as many blocks, whose places have the same sum', () => {
    for (const isTraced of [true, false]) {
      const places = tracedBlocks(0).flatMap((each, place) => (each === isTraced ? [place] : []));
      expect(places).toHaveLength(4);
      expect(places.reduce((sum, place) => sum + place, 0)).toBe(14);
    }
    expect(tracedBlocks(1)).toEqual(tracedBlocks(0).map((each) => !each));
  });

  it('compares processor time and throughput of a request', () => {
    const bare = { cpuUs: 200_000, requests: 1000, seconds: 1, rssBytes: 100e6 };
    const traced = { cpuUs: 300_000, requests: 1000, seconds: 2, rssBytes: 120e6 };
    expect(ratiosOf(bare, traced)).toMatchObject({ cpu: 1.5, addedUs: 100, throughput: 0.5, rssOverMb: 20 });
  });

  it('takes the median of an odd and of an even number of rounds', () => {
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
    expect(spreadOf([4, 1, 2, 3]).median).toBe(2.5);
    expect(spreadOf([]).median).toBeNaN();
  });
});

describe('the check against the baseline', () => {
  const baseline: Baseline = { hop: { longpole: 1.1, 'longpole-off': 1, 'dd-trace': 1.5 } };

  it('keeps the medians of what was measured', () => {
    const kept = baselineOf([
      comparison(row('longpole', [1.2, 1.1, 1.3]), row('sentry', [], undefined, 'ended')),
    ]);
    expect(kept).toEqual({ hop: { longpole: 1.2 } });
  });

  it('lets a ratio grow by 15 % and no more', () => {
    expect(regressions([comparison(row('longpole', [1.26]))], baseline)).toEqual([]);
    expect(regressions([comparison(row('longpole', [1.27]))], baseline)).toEqual([
      'hop, longpole: 1.27 × bare Express, 1.10 × in the baseline',
    ]);
  });

  it('looks at ours alone, and at those that could not be measured', () => {
    expect(regressions([comparison(row('dd-trace', [9]))], baseline)).toEqual([]);
    const ended = row('longpole-off', [], undefined, 'ended with code 1');
    expect(regressions([comparison(ended)], baseline)).toEqual(['hop, longpole-off: ended with code 1']);
  });
});

describe('the page', () => {
  it('shows a tracer that loses spans as one', () => {
    const page = comparisonSection(
      comparison(
        row('longpole', [1.1], counted(2000, 2000)),
        row('leaky', [1.1], counted(2000, 1990)),
        row('rival', [1.1], counted(undefined, 0, 1)),
      ),
    );
    expect(page).toMatch(/longpole .*all 2000/);
    expect(page).toMatch(/leaky .*\*\*10 of 2000 lost\*\*/);
    expect(page).toMatch(/rival .*\*\*50 % fewer than at rest\*\*/);
  });

  it('says of whom there were more pairs of processes than rounds', () => {
    const page = comparisonSection(comparison(row('longpole', [1.1, 1.2]), row('rival', [1.3])));
    expect(page).toContain('1 rounds. longpole: 2 pairs of processes. Bare Express');
    expect(page).not.toContain('rival: 1 pairs');
  });

  it('says of each target whether it is met, and of what was not measured neither', () => {
    const page = targetsSection({
      comparisons: [comparison(row('longpole', [1.2], counted(2000, 1999)), row('dd-trace', [2]))],
      sections: [],
    });
    expect(page).toMatch(/CPU of a hop ≤ 1.12 × bare \| 1.20 .*\*\*not met\*\*/);
    expect(page).toMatch(/dd-trace’s \| 40 of 200 µs: 0.20 \| met/);
    expect(page).toMatch(/was received \| 1999 of 2000 \| \*\*not met\*\*/);
    expect(page).toMatch(/1 % of the requests traced.*not measured \| –/);
  });

  it('judges export by its quietest repetition, beside an application that does nothing', () => {
    const tick = (...turns: number[]) => ({
      label: '',
      longestMs: spreadOf(turns),
      longestWorkMs: spreadOf(turns),
      longestDelayMs: spreadOf(turns),
      spans: 0,
    });
    const page = targetsSection({ comparisons: [], sections: [], ticks: [tick(1), tick(4, 9, 7)] });
    expect(page).toMatch(/at most 5 ms at a time \| 4.0 ms .*7.0 .*\| met/);
  });

  it('quotes the rows that match below the head of their table', () => {
    const text = '# Title\n| a | b |\n|---|---|\n| mesh | 1 |\n| loop | 2 |\n\n| c |\n|---|\n| x |\n';
    expect(quoteTables(text, /mesh/)).toEqual(['| a | b |\n|---|---|\n| mesh | 1 |']);
    const targets = ['| fast | 3 | met |', '| lean | 4 | **not met** |'];
    expect(quoteTargets(['| target | measured | |', ...targets, '| met | 5 | – |'].join('\n'))).toEqual(
      targets,
    );
  });
});

describe('the spans that arrive', () => {
  it('counts them in JSON', () => {
    const scopeSpans = [{ spans: [{}, {}] }, {}];
    expect(countJson(JSON.stringify({ resourceSpans: [{ scopeSpans }, { scopeSpans }] }))).toBe(4);
    expect(countJson('{}')).toBe(0);
  });

  it('counts them in protobuf, beside fields of other kinds', () => {
    const field = (number: number, ...bytes: number[]): number[] => [
      (number << 3) | 2,
      bytes.length,
      ...bytes,
    ];
    const span = field(2, ...field(5, 104, 105), (7 << 3) | 1, 1, 2, 3, 4, 5, 6, 7, 8, 6 << 3, 0x85, 0x01);
    const resource = field(1, ...field(1, ...field(2, 1, 2)), ...field(2, ...field(1, 9), ...span, ...span));
    expect(countProtobuf(Uint8Array.from([...resource, ...resource]))).toBe(4);
  });
});

describe('the answer to a request of the load', () => {
  const read = (...pieces: string[]): [Answer, boolean[]] => {
    const answer = new Answer();
    return [answer, pieces.map((piece) => answer.read(Buffer.from(piece)))];
  };

  it('is complete with its length, in whatever pieces it comes', () => {
    const [answer, complete] = read('HTTP/1.1 201 Created\r\nContent-Le', 'ngth: 4\r\n\r\nab', 'cd');
    expect([answer.status, complete]).toEqual([201, [false, false, true]]);
  });

  it('is complete with its last chunk', () => {
    const [answer, complete] = read(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n',
      '0\r\n',
      '\r\n',
    );
    expect([answer.status, complete]).toEqual([200, [false, false, true]]);
  });
});
