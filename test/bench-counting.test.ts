// Tests what `npm run bench:count` reads from callgrind's file and V8's map of symbols, and what it tells of them.

import { describe, expect, it } from '@jest/globals';
import { countsByKind, kindOf } from '../bench/counting/kinds.ts';
import { type Counts, NOTHING, readCounts, SymbolMap } from '../bench/counting/read-counts.ts';
import { functionsTable, kindsTable, totalsTable } from '../bench/counting/report.ts';

const SYMBOLS = `1000 100 Builtins_LoadIC
2000 80 JS:+next /home/me/bench/node_modules/router/index.js:189:17
2100 80 JS:*next /home/me/bench/node_modules/router/index.js:189:17
3000 40 JS:*gone node:events:1:1
3020 40 JS:*onRequest /home/me/middleware/dist/http/listen.js:7:3
`;

const CALLGRIND = `# callgrind format
events: Ir Dr Dw I1mr D1mr D1mw ILmr DLmr DLmw
fn=0x0000000000001004
0x1004 100 9 9 4 3 2 1 5 6
calls=7 0x2000
0x1004 5000 0 0 900
0x1008 10
fn=0x0000000000002000
0x2010 20 0 0 1
0x2110 30 0 0 1
fn=0x0000000000003020
0x3010 4
0x3030 50 0 0 2
fn=v8::internal::Heap::Scavenge()
0x9000 800 0 0 8
fn=0x0000000000007000
0x7000 3
`;

const counts = (instructions: number, more: Partial<Counts> = {}): Counts => ({
  ...NOTHING,
  instructions,
  ...more,
});
const NEXT = 'next /home/me/bench/node_modules/router/index.js:189:17';
const OURS = 'JS:*onRequest /home/me/middleware/dist/http/listen.js:7:3';
const byFunction = readCounts(CALLGRIND, new SymbolMap(SYMBOLS));

describe('counts of callgrind', () => {
  it('belong to the function whose compiled code lies there, without what it calls', () => {
    expect(Object.fromEntries(byFunction)).toEqual({
      Builtins_LoadIC: counts(110, {
        instructionMisses: 4,
        dataMisses: 5,
        farInstructionMisses: 1,
        farDataMisses: 11,
      }),
      [`JS:+${NEXT}`]: counts(20, { instructionMisses: 1 }),
      [`JS:*${NEXT}`]: counts(30, { instructionMisses: 1 }),
      [OURS]: counts(50, { instructionMisses: 2 }),
      // The code that was there was thrown away, and what took its place begins later.
      '0x0000000000003020': counts(4),
      'v8::internal::Heap::Scavenge()': counts(800, { instructionMisses: 8 }),
      '0x0000000000007000': counts(3),
    });
  });

  it('are sorted by whose a function is, without compiling and collecting', () => {
    const byKind = countsByKind(byFunction);
    const instructions = [...byKind].map(([kind, { instructions: each }]) => [kind, each]);
    expect(Object.fromEntries(instructions)).toEqual({
      Longpole: 50,
      'Express and axios': 50,
      'Node.js': 0,
      V8: 110,
      other: 7,
    });
    expect(kindOf('JS:*emit node:events:487:44')).toBe('Node.js');
    expect(kindOf('JS:*end /app/node_modules/@longpole/express/dist/http/server-end.js:3:4')).toBe(
      'Longpole',
    );
    expect(
      kindOf('v8::internal::compiler::GraphReducer::Reduce(v8::internal::compiler::Node*)'),
    ).toBeUndefined();
  });

  it('are told for each request, of all others as what they have more', () => {
    const bare = { label: 'bare', byFunction: new Map([[`JS:^${NEXT}`, counts(40)]]), requests: 10 };
    const traced = { label: 'traced', byFunction, requests: 10 };
    expect(totalsTable([bare, traced])).toContain('| bare | 4 | 0 | 0 | 0 | 0 |');
    expect(totalsTable([bare, traced])).toContain('| traced | +18 | +1 | +1 | +0 | +1 |');
    expect(kindsTable(bare, traced)).toContain('| Express and axios | +1 | +0 | +0 | +0 | +0 |');
    const functions = functionsTable(bare, traced, 2);
    expect(functions.split('\n').slice(2)).toEqual([
      '| `Builtins_LoadIC` | +11 | +0 | +1 | +0 | +1 |',
      '| `onRequest dist/http/listen.js:7:3` | +5 | +0 | +0 | +0 | +0 |',
    ]);
  });
});
