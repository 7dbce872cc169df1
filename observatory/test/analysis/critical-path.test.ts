// The critical path, by shapes: each drawing stands above the path it must give.
import { describe, expect, test } from '@jest/globals';
import { analyzeTrace } from '../../src/analysis/analyze-trace.ts';
import { makeSpan, TRACE_ID } from '../trace/draw.ts';
import { analyze, drawPath, pathOf } from './draw-path.ts';

describe('whole traces', () => {
  test('sequential: each child in turn, gaps are the parent’s', () => {
    const picture = `
      a root     |============|
        a one    | ===        |
        a two    |     ====   |
        a three  |          = |
    `;
    expect(pathOf(picture)).toBe('abbbaccccada');
  });

  test('back to back: nobody is lost', () => {
    const picture = `
      a root    |==========|
        a one   |===       |
        a two   |   ===    |
        a three |      ====|
    `;
    expect(pathOf(picture)).toBe('bbbcccdddd');
  });

  test('parallel: the one that finishes last', () => {
    const picture = `
      a root    |==========|
        a short | =====    |
        a long  | ======== |
        a brief |  ==      |
    `;
    expect(pathOf(picture)).toBe('acccccccca');
  });

  test('parallel, ending together: the longer one', () => {
    const picture = `
      a root    |==========|
        a late  |     ==== |
        a early | ======== |
    `;
    expect(pathOf(picture)).toBe('acccccccca');
  });

  test('staggered: what was still running when the last one started did not hold it up', () => {
    const picture = `
      a root    |==========|
        a one   | =====    |
        a two   |   ====== |
    `;
    expect(pathOf(picture)).toBe('aaacccccca');
  });

  test('nested: down to the leaf', () => {
    const picture = `
      a root     |==========|
        a outer  | ======== |
          a mid  |  ======  |
            a in |    ===   |
    `;
    expect(pathOf(picture)).toBe('abccdddcba');
  });

  test('two lanes that join: the predecessor of the last, not the longest of all', () => {
    const picture = `
      a root    |============|
        a lane1 |=====       |
        a lane2 |====        |
        a after |     =======|
    `;
    expect(pathOf(picture)).toBe('bbbbbddddddd');
  });

  test('gaps: a root without children is its own bottleneck', () => {
    expect(pathOf('a root |=====|')).toBe('aaaaa');
  });
});

describe('clocks of whole milliseconds', () => {
  test('spans that ran one after the other are kept though they seem to overlap by less than a millisecond', () => {
    const spans = [
      makeSpan({ id: 'r', name: 'root', startMs: 10, endMs: 20.4 }),
      makeSpan({ id: 'a', parent: 'r', name: 'first', startMs: 10, endMs: 15.9 }),
      makeSpan({ id: 'b', parent: 'r', name: 'second', startMs: 15, endMs: 20.2 }),
    ];
    const { groups } = analyzeTrace({ traceId: TRACE_ID, spans });
    expect(groups.map((group) => [group.operation, Number(group.selfNs) / 1e6])).toEqual([
      ['second', 5.2],
      ['first', 5],
      ['root', 0.2],
    ]);
  });

  test('short spans side by side are not taken for one after the other', () => {
    const spans = [
      makeSpan({ id: 'r', name: 'root', endMs: 1 }),
      makeSpan({ id: 'a', parent: 'r', name: 'beside', startMs: 0, endMs: 0.7 }),
      makeSpan({ id: 'b', parent: 'r', name: 'last', startMs: 0.2, endMs: 1 }),
    ];
    const { groups } = analyzeTrace({ traceId: TRACE_ID, spans });
    expect(groups.map((group) => group.operation)).toEqual(['last', 'root']);
  });
});

describe('what nobody waited for', () => {
  test('a child that outlives its parent runs in the background', () => {
    const picture = `
      a root     |=====       |
        a mail   |  ==========|
    `;
    expect(pathOf(picture)).toBe('aaaaa');
  });

  test('a child that ends just after its parent was waited for: a response body nobody read', () => {
    const picture = `
      a root     |====================     |
        a call   | =====================   |
    `;
    expect(pathOf(picture)).toBe(`a${'b'.repeat(19)}`);
  });

  test('a child that starts after its parent ended', () => {
    const picture = `
      a root     |=====       |
        a later  |      ====  |
    `;
    expect(pathOf(picture)).toBe('aaaaa');
  });

  test('the consumer of a message, even within its producer', () => {
    const picture = `
      a root                 |==========|
        a publish [producer] |   ====   |
          b handle [consumer]|    ==    |
    `;
    expect(pathOf(picture)).toBe('aaabbbbaaa');
  });

  test('a span that only follows from its parent', () => {
    const picture = `
      a root             |==========|
        a async [follows]|   ====   |
    `;
    expect(pathOf(picture)).toBe('aaaaaaaaaa');
  });

  test('an orphan, though it lies within the root', () => {
    const picture = `
      a root             |==========|
      b stray [parent=zz]|   ====   |
    `;
    expect(pathOf(picture)).toBe('aaaaaaaaaa');
  });

  test('another root', () => {
    const picture = `
      a short  |  ====    |
      a long   |==========|
        a leaf |   ====   |
    `;
    expect(pathOf(picture)).toBe('bbbccccbbb');
  });
});

describe('calls between services', () => {
  test('the network is the CLIENT’s time outside of its SERVER', () => {
    const picture = `
      a root               |============|
        a POST [client]    | ========== |
          b pay [server]   |   =====    |
    `;
    expect(pathOf(picture)).toBe('aBBcccccBBBa');
  });

  test('a CLIENT without a SERVER keeps its time as its own', () => {
    const picture = `
      a root               |============|
        a POST [client]    | ========== |
    `;
    expect(pathOf(picture)).toBe('abbbbbbbbbba');
  });

  test('a call that timed out: only what the server did until then, along its own path', () => {
    const picture = `
      a root                |==========        |
        a GET [client error]| ========         |
          b slow [server]   |  ================|
            b one           |   ===            |
            b two           |       =========  |
    `;
    expect(pathOf(picture)).toBe('aBcdddcee' + 'a');
  });

  test('a call whose body streams on after the client stopped reading', () => {
    const picture = `
      a root               |=====        |
        a GET [client]     |=====        |
          b feed [server]  | ============|
    `;
    expect(pathOf(picture)).toBe('Bcccc');
  });
});

describe('clocks', () => {
  test('a server ahead of its client is moved into the call, with its subtree', () => {
    const picture = `
      a root                |============        |
        a POST [client]     | ==========         |
          b pay [server]    |              ======|
            b work          |               ==== |
    `;
    const analysis = analyze(picture);
    expect(drawPath(analysis)).toBe('aBBBBcddddca');
    expect(analysis.warnings.map((one) => one.message)).toEqual([
      "The clock of b is at least 90 ms ahead of that of a: its spans are moved to lie within its callers'.",
    ]);
  });

  test('a server behind its client likewise', () => {
    const picture = `
      a root             |       =====|
        a POST [client]  |       =====|
          b pay [server] |===         |
    `;
    const analysis = analyze(picture);
    expect(drawPath(analysis)).toBe('cccBB');
    expect(analysis.warnings.map((one) => one.message)).toEqual([
      "The clock of b is at least 70 ms behind that of a: its spans are moved to lie within its callers'.",
    ]);
  });

  test('a third service on the first one’s clock is not moved with the second', () => {
    const picture = `
      a root               |============            |
        a POST [client]    | ==========             |
          b pay [server]   |                ========|
            b GET [client] |                 ====== |
              a me [server]|    ====                |
    `;
    expect(pathOf(picture)).toBe('aBBceeeeDDca');
  });

  test('one skew told once, with all its spans', () => {
    const picture = `
      a root                |============        |
        a one [client]      | ====               |
          b pay [server]    |                === |
        a two [client]      |      ====          |
          b pay [server]    |                === |
    `;
    const [warning, ...others] = analyze(picture).warnings;
    expect(others).toEqual([]);
    expect(warning?.spanIds).toHaveLength(2);
    expect(warning?.message).toMatch(/^The clock of b is at least 140 ms ahead/);
  });

  test('an answer that starts late in its call and ends just after it stays: it waited to be accepted', () => {
    const spans = [
      makeSpan({ id: 'r', service: 'a', name: 'root', kind: 'SERVER', endMs: 60 }),
      makeSpan({ id: 'c', parent: 'r', service: 'a', name: 'GET', kind: 'CLIENT', startMs: 5, endMs: 38 }),
      makeSpan({ id: 's', parent: 'c', service: 'b', kind: 'SERVER', startMs: 36, endMs: 39.9 }),
    ];
    const { groups, warnings } = analyzeTrace({ traceId: TRACE_ID, spans });
    expect(warnings).toEqual([]);
    expect(groups.map((group) => [group.kind, group.service, Number(group.selfNs) / 1e6])).toEqual([
      ['network', 'a', 31],
      ['untraced', 'a', 27],
      ['own', 'b', 2],
    ]);
  });

  test('an answer in a long call may end a twentieth of the call after it; beyond that it is moved', () => {
    const picture = (bar: string) => `
      a root           |=============================================|
        a GET [client] |========================================     |
          b do [server]|${bar}|
    `;
    const shifts = [' '.repeat(30) + '='.repeat(12), ' '.repeat(30) + '='.repeat(13)].map((bar) => {
      const { path, warnings } = analyze(picture(bar));
      const answer = path.parts.find((part) => part.node.span.name === 'do');
      return [Number((answer?.startNs ?? 0n) - path.startNs) / 1e6, warnings.length];
    });
    expect(shifts).toEqual([
      [300, 0],
      [270, 1],
    ]);
  });

  test('ten milliseconds are no skew worth saying', () => {
    const picture = `
      a root             |==========|
        a GET [client]   | ====     |
          b do [server]  |  ====    |
    `;
    expect(analyze(picture).warnings).toEqual([]);
    expect(pathOf(picture)).toBe('accccaaaaa');
  });

  test('child before parent in one service: the part within the parent counts, and it is said', () => {
    const picture = `
      a root         |  ========|
        a eager      |=====     |
    `;
    const analysis = analyze(picture);
    expect(drawPath(analysis)).toBe('bbbaaaaa');
    expect(analysis.warnings.map((one) => one.code)).toEqual(['starts-before-parent']);
  });

  test('child before parent across services: moved to the parent’s start', () => {
    const picture = `
      a root         |   ========|
        b eager      |====       |
    `;
    const analysis = analyze(picture);
    expect(drawPath(analysis)).toBe('bbbbaaaa');
    expect(analysis.warnings.map((one) => one.code)).toEqual(['clock-skew']);
  });
});

describe('nothing to attribute', () => {
  test('zero-length children take nothing', () => {
    const picture = `
      a root   |======|
        a tick |  !   |
        a tock |  !   |
        a work |  ==  |
    `;
    expect(pathOf(picture)).toBe('aaddaa');
  });

  test('a root of zero length has an empty path', () => {
    const { path, bottleneck, sentence } = analyze('a root |  !  |');
    expect(path).toMatchObject({ durationNs: 0n, parts: [] });
    expect(bottleneck).toBeUndefined();
    expect(sentence).toBe('root took no measurable time: nothing holds it up.');
  });

  test('a circle of parents: the trace is still analysed from where it was cut', () => {
    const picture = `
      a x [id=x parent=z] |======|
      a y [id=y parent=x] | ==== |
      a z [id=z parent=y] |  ==  |
    `;
    expect(pathOf(picture)).toBe('xyzzyx');
  });
});
