// The bottleneck and its sentence.
import { describe, expect, test } from '@jest/globals';
import { analyzeTrace } from '../../src/analysis/analyze-trace.ts';
import { makeSpan, TRACE_ID } from '../trace/draw.ts';
import { analyze } from './draw-path.ts';

const checkout = {
  traceId: TRACE_ID,
  spans: [
    makeSpan({ id: 'g', service: 'gateway', name: 'POST /api/checkout', kind: 'SERVER', endMs: 3004 }),
    makeSpan({
      id: 'c',
      parent: 'g',
      service: 'gateway',
      name: 'POST',
      kind: 'CLIENT',
      startMs: 250,
      endMs: 2780,
    }),
    makeSpan({
      id: 'p',
      parent: 'c',
      service: 'payment',
      name: 'POST /charges',
      kind: 'SERVER',
      startMs: 252,
      endMs: 2776,
    }),
    makeSpan({
      id: 'q',
      parent: 'p',
      service: 'payment',
      name: 'authorize with acquirer',
      startMs: 260,
      endMs: 2760,
    }),
  ],
};

describe('the sentence', () => {
  test('names service, operation, route, times and share', () => {
    expect(analyzeTrace(checkout).sentence).toBe(
      'payment · authorize with acquirer holds up POST /api/checkout: 2 500 ms of 3 004 ms (83 %)',
    );
  });

  test('says so when the network is the longest', () => {
    const { sentence, bottleneck } = analyze(`
      gateway GET /         |============|
        gateway GET [client]| ========== |
          auth look [server]|     ==     |
    `);
    expect(sentence).toBe('gateway → auth · GET (network) holds up GET /: 80 ms of 120 ms (67 %)');
    expect(bottleneck).toMatchObject({ kind: 'network', service: 'gateway', operation: 'GET', peer: 'auth' });
  });

  test('a span without a name has a word', () => {
    const spans = [makeSpan({ name: '', endMs: 5 })];
    expect(analyzeTrace({ traceId: TRACE_ID, spans }).sentence).toBe(
      'service · (no name) took 5 ms, all of it its own work (100 %)',
    );
  });

  test('says it differently when the root itself is the longest', () => {
    const picture = `
      gateway GET /  |==========|
        auth look    |   ===    |
    `;
    expect(analyze(picture).sentence).toBe(
      'gateway · GET / took 100 ms, 70 ms of it outside of its children (70 %)',
    );
  });

  test('a span of the root’s name below it is not the root’s own work', () => {
    const picture = `
      a walk     |==========|
        a walk   |  ======  |
    `;
    expect(analyze(picture).sentence).toBe('a · walk holds up walk: 100 ms of 100 ms (100 %) in 2 calls');
  });

  test('a trace without spans has none', () => {
    expect(analyzeTrace({ traceId: TRACE_ID, spans: [] })).toMatchObject({
      bottleneck: undefined,
      sentence: 'The trace has no spans: nothing to find.',
    });
  });
});

describe('groups', () => {
  test('many short spans of one operation outweigh one long', () => {
    const { bottleneck } = analyze(`
      a root     |==============|
        a query  |===           |
        a render |    ====      |
        a query  |         ===  |
    `);
    expect(bottleneck).toMatchObject({ operation: 'query', spans: 2, selfNs: 60_000_000n });
    expect(bottleneck?.share).toBeCloseTo(6 / 14);
  });

  test('the same operation of two services is two groups', () => {
    const { groups } = analyze(`
      a root   |==========|
        b work |===       |
        c work |    ===== |
    `);
    expect(groups.map((group) => [group.service, group.operation, Number(group.selfNs) / 1e7])).toEqual([
      ['c', 'work', 5],
      ['b', 'work', 3],
      ['a', 'root', 2],
    ]);
  });

  test('own time and network time of one operation are apart', () => {
    const { groups } = analyze(`
      a root             |==============|
        a GET [client]   | =====        |
          b do [server]  |  ==          |
        a GET [client]   |       ====   |
    `);
    expect(
      groups.filter((group) => group.operation === 'GET').map((group) => [group.kind, group.peer]),
    ).toEqual([
      ['own', ''],
      ['network', 'b'],
    ]);
  });
});
