// Flame graphs of critical paths: frames, folded stacks and the picture.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { analyzeTrace, type TraceAnalysis } from '../../../src/analysis/analyze-trace.ts';
import {
  createFlame,
  type Flame,
  type Frame,
  flameSvg,
  foldedStacks,
} from '../../../src/analysis/flame/index.ts';
import { makeSpan, TRACE_ID } from '../../trace/draw.ts';
import { analyze } from '../draw-path.ts';
import { checkouts } from '../simulated-checkout.ts';

function flameOf(...analyses: TraceAnalysis[]): Flame {
  const flame = createFlame();
  for (const analysis of analyses) flame.add(analysis);
  return flame.finish();
}

/** A trace of a root and one child with the given names. */
function named(service: string, operation: string): TraceAnalysis {
  return analyzeTrace({
    traceId: TRACE_ID,
    spans: [
      makeSpan({ id: 'r', service: 'shop', name: 'GET /', endMs: 100 }),
      makeSpan({ id: 'c', parent: 'r', service, name: operation, startMs: 1, endMs: 99 }),
    ],
  });
}

interface Element {
  readonly name: string;
  readonly attributes: readonly string[];
  text: string;
}

/** Elements of an XML document, checked to be well-formed: balanced, every attribute quoted, every entity known. */
function elementsOf(xml: string): Element[] {
  const elements: Element[] = [];
  const open: Element[] = [];
  const token =
    /<(?<close>\/?)(?<name>[a-z]+)(?<attributes>(?: [a-zA-Z-]+="[^"<>]*")*)(?<self>\/?)>|(?<text>[^<>]+)/gy;
  let end = 0;
  for (const match of xml.matchAll(token)) {
    end = match.index + match[0].length;
    const { close, name = '', self, text, attributes = '' } = match.groups ?? {};
    expect((text ?? attributes).replaceAll(/&(amp|lt|gt|quot|#39);/g, '')).not.toMatch(/&/);
    if (text !== undefined) for (const one of open) one.text += text;
    else if (close === '/') expect(open.pop()?.name).toBe(name);
    else {
      const element = {
        name,
        text: '',
        attributes: [...attributes.matchAll(/ ([a-zA-Z-]+)="/g)].map((match) => match[1] as string),
      };
      elements.push(element);
      if (self !== '/') open.push(element);
    }
  }
  expect(end).toBe(xml.length);
  expect(open).toEqual([]);
  return elements;
}

function depthOf(frame: Frame): number {
  return 1 + Math.max(0, ...frame.children.map(depthOf));
}

describe('frames', () => {
  test('stand on their callers and add up', () => {
    const flame = flameOf(
      analyze(`
        gateway POST /x     |==========|
          auth verify       | ===      |
          payment charge    |     ==== |
      `),
    );
    expect(foldedStacks(flame)).toBe(
      [
        'gateway · POST /x;auth · verify 30000',
        'gateway · POST /x;(untraced) 30000',
        'gateway · POST /x;payment · charge 40000',
        '',
      ].join('\n'),
    );
    expect(flame).toMatchObject({
      traces: 1,
      totalNs: 100_000_000n,
      roots: [{ totalNs: 100_000_000n, selfNs: 0n }],
    });
  });

  test('of many traces are merged, roots told apart, by name', () => {
    const one = analyze(`
      b GET /    |====|
        c read   | == |
    `);
    const two = analyze(`
      a GET /    |==|
    `);
    expect(foldedStacks(flameOf(one, two, one))).toBe(
      'a · GET / 20000\nb · GET /;(untraced) 40000\nb · GET /;c · read 40000\n',
    );
  });

  test('of the network have the other end', () => {
    const flame = flameOf(
      analyze(`
        gateway GET /         |============|
          gateway GET [client]| ========== |
            auth look [server]|     ==     |
      `),
    );
    expect(foldedStacks(flame).split('\n')).toEqual([
      'gateway · GET /;gateway · GET;auth · look 20000',
      'gateway · GET /;gateway · GET;→ auth (network) 80000',
      'gateway · GET /;(untraced) 20000',
      '',
    ]);
  });

  test('add up to the durations of their traces', () => {
    const analyses = [...checkouts(50, 1)];
    const total = analyses.reduce((sum, { path }) => sum + path.durationNs, 0n);
    const flame = flameOf(...analyses);
    const sum = (frames: readonly Frame[]): bigint =>
      frames.reduce((ns, frame) => ns + frame.selfNs + sum(frame.children), 0n);
    expect(flame.totalNs).toBe(total);
    expect(sum(flame.roots)).toBe(total);
  });

  test('do not depend on the order of the traces', () => {
    const analyses = [...checkouts(20, 1)];
    expect(foldedStacks(flameOf(...analyses))).toBe(foldedStacks(flameOf(...analyses.toReversed())));
  });

  test('of a trace without spans or time are none', () => {
    const nothing = flameOf(analyzeTrace({ traceId: TRACE_ID, spans: [] }));
    expect(nothing).toEqual({ traces: 0, totalNs: 0n, roots: [] });
    expect(foldedStacks(nothing)).toBe('');
    const still = flameOf(analyzeTrace({ traceId: TRACE_ID, spans: [makeSpan({})] }));
    for (const flame of [nothing, still]) elementsOf(flameSvg(flame));
  });

  test('10 000 deep end at the hundredth, with the time of what is above', () => {
    const spans = Array.from({ length: 10_000 }, (_, i) => {
      return makeSpan({
        id: `n${i}`,
        parent: i === 0 ? '' : `n${i - 1}`,
        name: `at ${i}`,
        startMs: i,
        endMs: 30_000 - i,
      });
    });
    const flame = flameOf(analyzeTrace({ traceId: TRACE_ID, spans }));
    expect(depthOf(flame.roots[0] as Frame)).toBe(100);
    expect(flame.totalNs).toBe(30_000_000_000n);
    expect(elementsOf(flameSvg(flame)).filter(({ name }) => name === 'g')).toHaveLength(100);
  });

  test('of 22 000 names are bounded, and no time is lost', () => {
    const flame = createFlame();
    for (let n = 0; n < 110; n++) {
      const spans = Array.from({ length: 200 }, (_, i) =>
        makeSpan({ id: `c${i}`, parent: 'r', name: `GET /${n}/${i}`, startMs: i, endMs: i + 1 }),
      );
      flame.add(analyzeTrace({ traceId: TRACE_ID, spans: [makeSpan({ id: 'r', endMs: 200 }), ...spans] }));
    }
    const { roots, totalNs } = flame.finish();
    expect(roots[0]?.children.length).toBeLessThanOrEqual(20_001);
    expect(roots[0]?.children.some(({ service }) => service === '(others)')).toBe(true);
    expect(totalNs).toBe(22_000_000_000n);
  });
});

describe('folded stacks', () => {
  test('keep the parts of a stack apart whatever the names', () => {
    expect(foldedStacks(flameOf(named('pay;ment', 'charge;x\n9 9\u2028')))).toBe(
      'shop · GET / 2000\nshop · GET /;pay%3Bment · charge%3Bx 9 9  98000\n',
    );
  });

  test('are lines of frames and a whole number, for any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (service, operation) => {
        const lines = foldedStacks(flameOf(named(service, operation))).split('\n');
        expect(lines).toHaveLength(3);
        for (const line of lines.slice(0, 2)) expect(line).toMatch(/^[^;]+(;[^;]*)? \d+$/);
      }),
    );
  });
});

describe('the picture', () => {
  const HOSTILE = [
    '</title></svg><script>alert(1)</script>',
    '"><image href=x onerror=alert(1)>',
    "' onload='alert(1)",
    '&lt;script&gt;&#x0;]]>',
    '\u0000\u001b[31m\u202egnp.exe\ud800',
    'javascript:alert(1)',
  ];

  test.each(HOSTILE)('a service or operation called %j is text', (name) => {
    const svg = flameSvg(flameOf(named(name, name)));
    const elements = elementsOf(svg);
    expect(new Set(elements.map((element) => element.name))).toEqual(
      new Set(['svg', 'title', 'defs', 'pattern', 'rect', 'path', 'text', 'g']),
    );
    const attributes = elements.flatMap((element) => element.attributes);
    expect(attributes.filter((attribute) => /^on|href|style|src/.test(attribute))).toEqual([]);
    expect(svg.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}\u202e]/u);
  });

  test('is well-formed for any name, and the same in every run', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const flame = flameOf(named(name, name));
        elementsOf(flameSvg(flame));
        expect(flameSvg(flame)).toBe(flameSvg(flame));
      }),
    );
  });

  test('has a tooltip with time and share for each frame, and labels that fit', () => {
    const elements = elementsOf(flameSvg(flameOf(named('payment', 'charge'))));
    const titles = elements.filter(({ name }) => name === 'title').map(({ text }) => text);
    expect(titles).toEqual([
      'Critical path of shop · GET /: 100 ms',
      'shop · GET /: 100 ms, 100 %, 2 % in itself',
      'payment · charge: 98 ms, 98 %',
    ]);
    expect(elements.some(({ name, text }) => name === 'text' && text === 'payment · charge')).toBe(true);
  });

  test('of many traces tells the time per trace', () => {
    const svg = flameSvg(flameOf(...checkouts(40, 1)));
    expect(svg).toMatch(
      /Critical paths of gateway · POST \/api\/checkout: 40 traces, \d \d{3} ms on average/,
    );
    expect(svg).toMatch(/<title>payment · charge: 2 \d{3} ms per trace, 8\d %<\/title>/);
  });

  test('cuts long labels, also of wide characters', () => {
    const long = '決済'.repeat(300);
    const texts = elementsOf(flameSvg(flameOf(named(long, long)))).filter(({ name }) => name === 'text');
    const label =
      texts.map(({ text }) => text).find((text) => text.startsWith('決済') && text.length > 30) ?? '';
    expect(label.endsWith('…')).toBe(true);
    expect(label.length * 2 * 7.3).toBeLessThan(1160);
  });

  test('gives a service the same color everywhere, light enough for black text', () => {
    const fills = (svg: string): string[] =>
      [...svg.matchAll(/rx="2" fill="(#[0-9a-f]{6})"/g)].map((match) => match[1] as string);
    const [one, two] = [named('payment', 'a'), named('payment', 'b')].map((analysis) =>
      flameSvg(flameOf(analysis)),
    );
    expect(fills(one as string)).toEqual(fills(two as string));
    for (let n = 0; n < 100; n++) {
      for (const fill of fills(flameSvg(flameOf(named(`service ${n}`, 'x'))))) {
        const [r, g, b] = [1, 3, 5].map(
          (at) => (Number.parseInt(fill.slice(at, at + 2), 16) / 255) ** 2.2,
        ) as [number, number, number];
        const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        expect((luminance + 0.05) / (0.0056 + 0.05)).toBeGreaterThan(7);
      }
    }
  });
});
