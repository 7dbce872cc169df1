// Listing the traces of a source: which ones a query asks for.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fileSource, type ReadEvents, type TraceQuery } from '../../src/sources/index.ts';
import { spansToOtlpJson } from '../../src/wire/otlp-json.ts';
import { makeSpan } from '../trace/draw.ts';

const ids = [1, 2, 3, 4].map((digit) => String(digit).repeat(32));
const [first = '', second = '', third = '', fourth = ''] = ids;

const checkout = { service: 'gateway', name: 'POST /checkout', kind: 'SERVER' } as const;
const spans = [
  { ...makeSpan({ ...checkout, startMs: 1_000, endMs: 1_500 }), traceId: first },
  { ...makeSpan({ ...checkout, startMs: 3_000, endMs: 5_000 }), traceId: third },
  {
    ...makeSpan({
      service: 'payment',
      name: 'charge',
      startMs: 3_100,
      endMs: 4_000,
      parentSpanId: 'f'.repeat(16),
    }),
    traceId: third,
    status: { code: 'ERROR' as const, message: '' },
  },
  { ...makeSpan({ ...checkout, name: 'GET /cart', startMs: 2_000, endMs: 2_020 }), traceId: second },
  { ...makeSpan({ service: 'notify', name: 'process', startMs: 4_000, endMs: 4_100 }), traceId: fourth },
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'longpole-list-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function listed(query: TraceQuery, events?: ReadEvents): Promise<string[]> {
  const path = join(folder, 'traces.jsonl');
  writeFileSync(path, spans.map((span) => JSON.stringify(spansToOtlpJson([span]))).join('\n'));
  const found: string[] = [];
  for await (const trace of fileSource(path).list(query, events)) found.push(trace.traceId);
  return found;
}

describe('a query', () => {
  test.each<[string, TraceQuery, string[]]>([
    ['nothing asked: all of them', {}, [first, second, third, fourth]],
    ['a service that took part anywhere', { service: 'payment' }, [third]],
    ['the route of the root', { operation: 'post /checkout' }, [first, third]],
    ['an operation that is not the root’s', { operation: 'charge' }, []],
    ['since a time', { sinceMs: 1_700_000_003_000 }, [third, fourth]],
    ['before a time', { untilMs: 1_700_000_003_000 }, [first, second]],
    ['a least duration', { minDurationMs: 500 }, [first, third]],
    ['errors', { errorsOnly: true }, [third]],
    ['several conditions', { operation: 'POST /checkout', minDurationMs: 501 }, [third]],
  ])('%s', async (_, query, expected) => {
    expect((await listed(query)).sort()).toEqual(expected);
  });

  test('of the last ones the newest first', async () => {
    expect(await listed({ last: 2 })).toEqual([fourth, third]);
    expect(await listed({ last: 1, operation: 'POST /checkout' })).toEqual([third]);
  });
});
