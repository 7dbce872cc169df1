// Files that were cut off or written over, and processes that were killed while they wrote.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StoreError } from '../../src/store/index.ts';
import { spanIdOf, traceIdOf } from '../receiver/readable-span.ts';
import { closeStores, openStore, records } from './records.ts';

const OBSERVATORY = resolve(__dirname, '../..');

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longpole-damage-'));
  file = join(folder, 'traces.db');
});

afterEach(() => {
  closeStores();
  rmSync(folder, { recursive: true });
});

function fill(): void {
  const store = openStore({ file });
  for (let trace = 0; trace < 50; trace++) {
    const attributes = { text: 'x'.repeat(2_000) };
    store.add(records({ traceId: traceIdOf(trace), spanId: spanIdOf(1), attributes }));
  }
  store.close();
}

function change(sql: string): void {
  const db = new DatabaseSync(file);
  db.exec(sql);
  db.close();
}

function openingError(): StoreError {
  try {
    openStore({ file });
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a damaged file', () => {
  it.each([
    [
      'a block that is cut off in a span',
      'UPDATE blocks SET spans = substr(spans, 1, 100) WHERE id = 7',
      'block 7',
    ],
    ['a block of three bytes', "UPDATE blocks SET spans = x'010000' WHERE id = 7", 'Offset is outside'],
    [
      'a span of no length',
      'UPDATE blocks SET spans = zeroblob(60) WHERE id = 7',
      'block 7 is damaged at byte 0',
    ],
    ['spans whose names are gone', 'DELETE FROM operations', 'block 1 is damaged at byte 0'],
    ['spans whose resources are gone', 'DELETE FROM origins', 'block 1 is damaged at byte 0'],
  ])('is refused and left as it is: %s', (_what, sql, problem) => {
    fill();
    change(sql);
    const before = readFileSync(file);
    const error = openingError();
    expect(error.code).toBe('ERR_LONGPOLE_STORE_OPEN');
    expect(error.message).toContain(`The trace store ${file} cannot be read: `);
    expect(error.message).toContain(problem);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('is refused when SQLite finds it malformed', () => {
    fill();
    const bytes = readFileSync(file);
    bytes.fill(0xff, 16_384 * 2);
    writeFileSync(file, bytes);
    expect(openingError().code).toBe('ERR_LONGPOLE_STORE_OPEN');
  });
});

describe('a process that is killed while it writes', () => {
  const TRACES_A_REQUEST = 3;
  const SPANS_A_TRACE = 40;
  const MAX_TRACES = 60;
  // Every request has whole traces, and a span for a trace that lives on, so that blocks are kept for it and cleared.
  const script = `
    const { TraceStore } = await import(process.argv[1] + '/src/store/index.ts');
    const { protobufCodec } = await import(process.argv[1] + '/src/receiver/index.ts');
    const store = new TraceStore({ codec: protobufCodec, file: process.argv[2], maxTraces: ${MAX_TRACES} });
    const source = Buffer.concat([Buffer.from([0x2a, 0xac, 0x02]), Buffer.alloc(300, 'n')]);
    let spanId = 1n;
    const span = (n, service) => ({
      traceId: n.toString(16).padStart(32, '0'), spanId: spanId++, parentSpanId: 0n, name: 'n' + (n % 50), kind: 1,
      startNs: 1n, durationNs: 1n, status: 0, origin: { service, body: Buffer.alloc(0) },
      linkedTraceIds: [], source, sourceStart: 0, sourceEnd: source.length,
    });
    for (let request = 1; ; request++) {
      const spans = [span(1, 'lasting')];
      for (let i = 0; i < ${TRACES_A_REQUEST} * ${SPANS_A_TRACE}; i++) {
        spans.push(span(request * 10 + (i % ${TRACES_A_REQUEST}), 's' + (request % 7)));
      }
      store.add(spans);
      process.stdout.write(request + '\\n');
      await new Promise(setImmediate);
    }`;

  async function writeUntilKilled(afterRequests: number): Promise<number> {
    const args = ['--input-type=module', '-e', script, OBSERVATORY, file];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.split('\n').length > afterRequests) child.kill('SIGKILL');
    });
    await exited;
    return Number(text.slice(0, text.lastIndexOf('\n')).split('\n').at(-1));
  }

  it.each([30, 120, 333])(
    'has all of a request or nothing, and all that was said to be kept (%i requests)',
    async (least) => {
      const requests = await writeUntilKilled(least);
      const store = openStore({ file, maxTraces: MAX_TRACES });
      const spansOf = (request: number, i: number): number =>
        store.trace((request * 10 + i).toString(16).padStart(32, '0'))?.spans.length ?? 0;
      const newest = Math.floor(MAX_TRACES / TRACES_A_REQUEST) - 2;
      for (let request = requests; request > requests - newest; request--) {
        const spans = Array.from({ length: TRACES_A_REQUEST }, (_, i) => spansOf(request, i));
        expect([request, spans]).toEqual([request, Array(TRACES_A_REQUEST).fill(SPANS_A_TRACE)]);
      }
      const unsaid = new Set(Array.from({ length: TRACES_A_REQUEST }, (_, i) => spansOf(requests + 1, i)));
      expect(unsaid.size).toBe(1);
      expect(store.trace('1'.padStart(32, '0'))?.spans.length).toBeGreaterThanOrEqual(requests);
      expect(store.add(records({ traceId: traceIdOf(1), spanId: spanIdOf(1) }))).toMatchObject({ stored: 1 });
      expect(store.stats().traces).toBe(MAX_TRACES);
    },
  );
});
