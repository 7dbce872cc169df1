// Every option that is known is documented where users look for it, and nothing is documented that is not known.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  carryContext,
  createClient,
  ExpressChannelInstrumentation,
  HttpChannelInstrumentation,
  runJob,
  startTracing,
  tracing,
} from '../../src/index.ts';
import { sharedState } from '../../src/shared/state.ts';
import { completeOptions } from '../../src/testing/capture-options.ts';
import { parseSpanQuery } from '../../src/testing/matching/span-query.ts';

const repository = join(__dirname, '../../..');
/** So unlike any option that the error names them all. */
const UNKNOWN = { ['¤'.repeat(60)]: 1 };

/** What the error for an unknown option says that there is. */
async function knownTo(call: (options: object) => unknown): Promise<string[]> {
  try {
    await call(UNKNOWN);
  } catch (error) {
    const [, names] = /It knows ([^.]+)\./.exec((error as Error).message) ?? [];
    return names?.split(', ') ?? [];
  }
  return [];
}

/** Throws what a function says that never throws itself. */
function thrown(call: (options: object) => unknown): (options: object) => void {
  return (options) => {
    const lines: string[] = [];
    sharedState().log = (line) => void lines.push(line);
    call(options);
    sharedState().log = undefined;
    throw new Error(lines.join('\n'));
  };
}

/** The text below a heading, up to the next of its level or above. */
function section(file: string, heading: string): string {
  const lines = readFileSync(join(repository, file), 'utf8').split('\n');
  const first = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
  const level = lines[first]?.match(/^#+/)?.[0].length ?? 0;
  const rest = lines.slice(first + 1);
  const end = rest.findIndex((line) => /^#+ /.test(line) && (line.match(/^#+/)?.[0].length ?? 0) <= level);
  return first < 0 ? '' : rest.slice(0, end < 0 ? rest.length : end).join('\n');
}

/** Names in the first column of the first table. */
function firstColumn(text: string): string[] {
  const [table = ''] = /^\|.*(?:\n\|.*)*/m.exec(text) ?? [];
  const cells = table.split('\n').map((row) => row.split('|')[1] ?? '');
  return cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name ?? ''));
}

const CONFIGURATION = 'docs/configuration.md';
const README = 'middleware/README.md';

const tables: [string, string, string, (options: object) => unknown][] = [
  ['tracing()', CONFIGURATION, 'Options of `tracing()`', tracing],
  ['tracing()', README, 'Options of `tracing()`', tracing],
  ['startTracing()', CONFIGURATION, 'Options of `startTracing()`', startTracing],
  ['startTracing()', README, 'Options of `startTracing()`', startTracing],
  ['createClient()', CONFIGURATION, 'Options of `createClient()`', createClient],
  ['carryContext()', CONFIGURATION, 'Options of `carryContext()`', thrown(carryContext)],
  ['runJob()', CONFIGURATION, 'Options of `runJob()`', (options) => runJob(options as never, () => 1)],
  ['captureTraces()', 'docs/testing.md', 'Options of captureTraces()', completeOptions],
  [
    'HttpChannelInstrumentation',
    CONFIGURATION,
    'Options of `HttpChannelInstrumentation`',
    (options) => new HttpChannelInstrumentation(options),
  ],
  [
    'ExpressChannelInstrumentation',
    CONFIGURATION,
    'Options of `ExpressChannelInstrumentation`',
    (options) => new ExpressChannelInstrumentation(options),
  ],
];

describe('the options of', () => {
  it.each(tables)('%s are those in %s, "%s"', async (_owner, file, heading, call) => {
    const known = await knownTo(call);
    expect(known.length).toBeGreaterThan(0);
    expect(firstColumn(section(file, heading)).toSorted()).toEqual(known.toSorted());
    expect(sharedState().apps).toBe(0);
  });

  it('toHaveSpan() are told with it', async () => {
    const known = await knownTo((options) => parseSpanQuery('toHaveSpan()', [options]));
    const text = section('docs/testing.md', 'toHaveSpan()');
    expect(known.filter((name) => name !== 'name' && !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
    expect(known).toContain('times');
  });
});
