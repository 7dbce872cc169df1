// Time that nobody traced: what counts as such, and how it is said.
import { describe, expect, test } from '@jest/globals';
import { analyzeTrace } from '../../src/analysis/analyze-trace.ts';
import { makeSpan, TRACE_ID } from '../trace/draw.ts';
import { analyze } from './draw-path.ts';

function sentencesOf(picture: string): string[] {
  return analyze(picture).gaps.map((gap) => gap.sentence);
}

function kindsOf(picture: string): string[] {
  return analyze(picture).path.parts.map(({ kind, node, startNs, endNs }) => {
    return `${kind} ${node.span.name} ${(endNs - startNs) / 1_000_000n}`;
  });
}

describe('what is untraced', () => {
  test('the time of a leaf is its own work', () => {
    expect(kindsOf('a root |==========|')).toEqual(['own root 100']);
  });

  test('a span that waits for children is untraced where none of them runs', () => {
    const picture = `
      a root   |==========|
        a work |   ===    |
    `;
    expect(kindsOf(picture)).toEqual(['untraced root 30', 'own work 30', 'untraced root 40']);
  });

  test('not while another child runs beside the path', () => {
    const picture = `
      a root   |============|
        a one  |   =====    |
        a two  |     =======|
    `;
    expect(kindsOf(picture)).toEqual(['untraced root 30', 'own root 20', 'own two 70']);
  });

  test('a child that nobody waited for does not make a leaf untraced', () => {
    const picture = `
      a root             |==========    |
        a mail           |        ======|
        a later [follows]|   ===        |
    `;
    expect(kindsOf(picture)).toEqual(['own root 100']);
  });

  test('less than 10 ms is the span’s own work, and so is less than a hundredth of the root', () => {
    const untraced = (gapMs: number, wholeMs: number): bigint => {
      const spans = [
        makeSpan({ id: 'r', name: 'root', endMs: wholeMs }),
        makeSpan({ id: 'c', parent: 'r', startMs: gapMs, endMs: wholeMs }),
      ];
      return analyzeTrace({ traceId: TRACE_ID, spans }).gaps[0]?.durationNs ?? 0n;
    };
    expect([untraced(9.9, 50), untraced(10, 50)]).toEqual([0n, 10_000_000n]);
    expect([untraced(29, 3000), untraced(30, 3000)]).toEqual([0n, 30_000_000n]);
  });

  test('a call whose answer is known has network, not gaps', () => {
    const picture = `
      a root             |==========|
        a POST [client]  |==========|
          b pay [server] |   ===    |
    `;
    expect(kindsOf(picture)).toEqual(['network POST 30', 'own pay 30', 'network POST 40']);
  });
});

describe('how a gap is said', () => {
  test('the longest first, by the call or the span that follows, or that came last', () => {
    const picture = `
      gateway GET /           |================|
        gateway POST [client] |    ===         |
          auth check [server] |    ===         |
        gateway render        |         ===    |
    `;
    expect(sentencesOf(picture)).toEqual([
      '40 ms in gateway before the call to auth: nothing traced',
      '40 ms in gateway after “render”: nothing traced',
      '20 ms in gateway before “render”: nothing traced',
    ]);
  });

  test('a call to a service that does not trace is named by its attribute', () => {
    const spans = [
      makeSpan({ id: 'r', service: 'gateway', name: 'GET /', endMs: 400 }),
      makeSpan({
        id: 'c',
        parent: 'r',
        service: 'gateway',
        name: 'POST',
        kind: 'CLIENT',
        startMs: 180,
        endMs: 400,
        attributes: { 'service.peer.name': 'payment' },
      }),
    ];
    const { gaps } = analyzeTrace({ traceId: TRACE_ID, spans });
    expect(gaps).toMatchObject([
      { sentence: '180 ms in gateway before the call to payment: nothing traced', share: 0.45 },
    ]);
  });
});

describe('the bottleneck', () => {
  test('is one group with its work and its gaps, and says which is more', () => {
    const { bottleneck } = analyze(`
      a root    |==========|
        a one   |=         |
        a two   |    ==    |
    `);
    expect(bottleneck).toMatchObject({
      kind: 'untraced',
      operation: 'root',
      selfNs: 70_000_000n,
      untracedNs: 70_000_000n,
    });
  });
});
