// The store in a file: reopened, killed, foreign, newer, locked, full.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StoreError } from '../../src/store/index.ts';
import { spanIdOf, T0, traceIdOf } from '../receiver/readable-span.ts';
import { closeStores, openStore, records } from './records.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longpole-store-'));
  file = join(folder, 'traces.db');
});

afterEach(() => {
  closeStores();
  rmSync(folder, { recursive: true });
});

function errorOf(act: () => unknown): StoreError {
  try {
    act();
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

function fill(traces: number): ReturnType<typeof records> {
  return records(
    ...Array.from({ length: traces }, (_, trace) => ({
      traceId: traceIdOf(trace),
      spanId: spanIdOf(1),
      service: `service-${trace % 3}`,
      name: `GET /${trace % 5}`,
      startNs: T0 + BigInt(trace),
      attributes: { trace },
    })),
  );
}

describe('a file', () => {
  it('gives everything back when it is opened again', async () => {
    const first = openStore({ file });
    first.add(fill(20));
    const before = {
      traces: first.newest(100).map(({ traceId }) => first.trace(traceId)),
      services: first.services(),
      operations: first.operations('service-1'),
      found: await first.search({ service: 'service-2', limit: 3 }),
      stats: first.stats(),
    };
    first.close();
    const second = openStore({ file });
    expect({
      traces: second.newest(100).map(({ traceId }) => second.trace(traceId)),
      services: second.services(),
      operations: second.operations('service-1'),
      found: await second.search({ service: 'service-2', limit: 3 }),
      stats: second.stats(),
    }).toEqual(before);
  });

  it('keeps the order of arrival where the blocks of a request are many', () => {
    const sent = (trace: number, id: number, service: string, bytes: number): ReturnType<typeof records> =>
      records({
        traceId: traceIdOf(trace),
        spanId: spanIdOf(id),
        service,
        name: 'GET /',
        startNs: T0,
        attributes: { text: 'x'.repeat(bytes) },
      });
    const first = openStore({ file });
    first.add([
      ...sent(1, 1, 'shop', 20_000),
      ...sent(1, 2, 'bank', 0),
      ...sent(2, 3, 'shop', 0),
      ...sent(3, 4, 'shop', 0),
    ]);
    first.add(sent(2, 5, 'shop', 0));
    first.close();
    const traceIds = openStore({ file })
      .newest(3)
      .map(({ traceId }) => traceId);
    expect(traceIds).toEqual([traceIdOf(2), traceIdOf(3), traceIdOf(1)]);
  });

  it('goes on as before: duplicates are recognised, the oldest goes first, unused names go', () => {
    const first = openStore({ file, maxTraces: 4 });
    for (const span of fill(4)) first.add([span]);
    first.close();
    const second = openStore({ file, maxTraces: 4 });
    expect(second.add(fill(1))).toMatchObject({ stored: 0, duplicates: 1 });
    second.add(records({ traceId: traceIdOf(9), spanId: spanIdOf(1), service: 'another' }));
    // A request's spans come grouped by service: 0 and 3, then 1, then 2; the duplicate made 0 the newest.
    expect(second.newest(9).map(({ traceId }) => traceId)).toEqual([9, 0, 2, 1].map(traceIdOf));
    second.add(records({ traceId: traceIdOf(8), spanId: spanIdOf(1), service: 'another' }));
    expect(second.services()).toEqual(['another', 'service-0', 'service-2']);
  });

  it('evicts down to a lower limit with the next request', () => {
    const first = openStore({ file });
    first.add(fill(10));
    first.close();
    const second = openStore({ file, maxTraces: 2 });
    second.add([]);
    expect(second.stats()).toMatchObject({ traces: 2, evictedTraces: 8 });
  });

  it('has every acknowledged request after the process was killed', async () => {
    const script = `
      const { TraceStore } = await import(process.argv[1] + '/src/store/index.ts');
      const { protobufCodec } = await import(process.argv[1] + '/src/receiver/index.ts');
      const store = new TraceStore({ codec: protobufCodec, file: process.argv[2] });
      const origin = { service: 'killed', body: new Uint8Array() };
      for (let n = 1; n <= 50; n++) {
        const traceId = n.toString(16).padStart(32, '0');
        store.add([{ traceId, spanId: 1n, parentSpanId: 0n, name: 'n', kind: 1, startNs: 1n, durationNs: 1n,
          status: 0, origin, linkedTraceIds: [], source: new Uint8Array(), sourceStart: 0, sourceEnd: 0 }]);
      }
      process.stdout.write('done');
      setInterval(() => {}, 1000);`;
    const args = ['--input-type=module', '-e', script, resolve(__dirname, '../..'), file];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await exited;
    const store = openStore({ file });
    expect(store.stats()).toMatchObject({ traces: 50, spans: 50 });
    expect(store.services()).toEqual(['killed']);
  });
});

describe('a file that cannot be used', () => {
  it('is refused and left as it is when it is no database', () => {
    writeFileSync(file, 'my diary, not to be overwritten');
    const error = errorOf(() => openStore({ file }));
    expect(error.code).toBe('ERR_LONGPOLE_STORE_FOREIGN');
    expect(error.message).toContain(`${file} is not a Longpole trace store`);
    expect(readFileSync(file, 'utf8')).toBe('my diary, not to be overwritten');
  });

  it('is refused and left as it is when it is the database of something else', () => {
    const other = new DatabaseSync(file);
    other.exec('CREATE TABLE spans (recipe TEXT)');
    other.close();
    const before = readFileSync(file);
    expect(errorOf(() => openStore({ file })).code).toBe('ERR_LONGPOLE_STORE_FOREIGN');
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it.each([2, 99])('is refused when a Longpole with version %i of the tables wrote it', (version) => {
    openStore({ file }).close();
    const other = new DatabaseSync(file);
    other.exec(`PRAGMA user_version = ${version}`);
    other.close();
    const before = readFileSync(file);
    const error = errorOf(() => openStore({ file }));
    expect(error.code).toBe('ERR_LONGPOLE_STORE_VERSION');
    expect(error.message).toContain(
      `has version ${version} of the trace store, this Longpole reads version 3`,
    );
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('is refused while another store has it', () => {
    openStore({ file });
    const error = errorOf(() => openStore({ file }));
    expect(error.code).toBe('ERR_LONGPOLE_STORE_LOCKED');
    expect(error.message).toContain(`${file} is in use by another process`);
  });

  it('is refused when its folder does not exist', () => {
    const missing = join(folder, 'no', 'such', 'folder.db');
    const error = errorOf(() => openStore({ file: missing }));
    expect(error.code).toBe('ERR_LONGPOLE_STORE_OPEN');
    expect(error.message).toContain(missing);
  });
});

describe('a write that fails', () => {
  it('keeps nothing of the request, and the store goes on with what it had', () => {
    const store = openStore({ file });
    store.add(fill(3));
    const before = store.stats();
    const [good] = records({ traceId: traceIdOf(50), spanId: spanIdOf(1), service: 'half-way' });
    // A column takes no symbol, so SQLite refuses the second span after the first went in.
    const bad = { ...good!, spanId: Symbol('broken') as unknown as bigint };
    const error = errorOf(() => store.add([good!, bad]));
    expect(error.code).toBe('ERR_LONGPOLE_STORE_WRITE');
    expect(store.stats()).toEqual(before);
    expect(store.services()).toEqual(['service-0', 'service-1', 'service-2']);
    expect(store.trace(traceIdOf(50))).toBeUndefined();
    expect(store.add([good!])).toMatchObject({ stored: 1 });
    expect(store.trace(traceIdOf(50))?.spans).toHaveLength(1);
  });
});
