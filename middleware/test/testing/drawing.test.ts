// The drawing of a trace: within 100 columns and harmless, whatever the spans are called and however they hang together.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { drawTrace } from '../../src/testing/drawing/draw-trace.ts';
import { widthOf } from '../../src/testing/drawing/printable.ts';
import { viewOf } from '../../src/testing/view/trace-view.ts';
import { type Sketch, traceOf } from './support/trace-of.ts';

const names = fc.oneof(
  fc.string({ maxLength: 120, unit: 'binary' }),
  fc.constantFrom(
    '結帳'.repeat(40),
    '\u001b[2J\u001b[31mred',
    'a\nb\r\tc',
    'e\u0301'.repeat(60),
    '\u202egnp.exe',
    '🛒',
  ),
);

const flat = fc.record({
  name: names,
  service: names,
  at: fc.nat(1000),
  for: fc.oneof(fc.constant(undefined), fc.double({ min: 0, max: 1e7, noNaN: true })),
  parent: fc.nat(),
});

/** Each span hangs on one before it, every seventh on none. */
const forest = fc.array(flat, { maxLength: 60 }).map((spans) => {
  const nodes = spans.map(({ parent: _, ...span }) => ({ ...span, children: [] as Sketch[] }));
  return nodes.filter((node, i) => {
    const parent = spans[i]?.parent ?? 0;
    if (i === 0 || parent % 7 === 0) return true;
    nodes[parent % i]?.children.push(node);
    return false;
  });
});

function deep(levels: number): Sketch {
  let sketch: Sketch = { name: 'bottom', service: 'a', at: 0 };
  for (let i = 0; i < levels; i += 1)
    sketch = { name: `level ${i}`, service: 'a', at: 0, children: [sketch] };
  return sketch;
}

describe('drawTrace()', () => {
  it('stays within 100 columns and writes out what steers a terminal', () => {
    fc.assert(
      fc.property(forest, names, (roots, note) => {
        const view = viewOf(traceOf(roots));
        const marks = view.nodes.map((node) => ({ node, sign: '✗' as const, notes: [note] }));
        for (const line of drawTrace(view, marks).split('\n')) {
          expect(widthOf(line)).toBeLessThanOrEqual(100);
          expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
        }
      }),
    );
  });

  it('draws a chain of 300 calls down to the one that is marked', () => {
    const view = viewOf(traceOf([deep(300)]));
    const bottom = view.nodes.at(-1)!;
    const drawn = drawTrace(view, [{ node: bottom, sign: '✗', notes: ['here'] }]).split('\n');
    expect(drawn.length).toBeLessThan(70);
    expect(drawn.find((line) => line.startsWith('✗'))).toMatch(/… .*└─ bottom/);
    expect(drawn.find((line) => line.includes('⋮'))).toMatch(/⋮ \d+ more spans/);
  });

  it('marks twelve of many and counts the rest', () => {
    const children = Array.from({ length: 30 }, (_, i) => ({ name: `row ${i}`, service: 'a', at: i }));
    const view = viewOf(traceOf([{ name: 'rows', service: 'a', at: 0, for: 50, children }]));
    const marks = view.nodes.slice(1).map((node) => ({ node, sign: '✗' as const, notes: [] }));
    const drawn = drawTrace(view, marks);
    expect(drawn.match(/^✗/gm)).toHaveLength(12);
    expect(drawn).toContain('… and 18 more of the same');
  });

  it('says so when there is nothing to draw', () => {
    expect(drawTrace(viewOf(traceOf([])))).toBe('  (a trace without spans)');
  });
});
