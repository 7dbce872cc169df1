// The blocks of the store: what is in use is kept byte by byte, what is out of use is given back.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Blocks } from '../../src/store/blocks.ts';
import { FileShelf } from '../../src/store/file-shelf.ts';
import { MemoryShelf } from '../../src/store/memory-shelf.ts';
import type { Parts } from '../../src/store/parts.ts';
import type { Shelf } from '../../src/store/shelf.ts';
import { HEAD_BYTES, writeSpan } from '../../src/store/span-bytes.ts';
import type { SpanRecord } from '../../src/store/span-record.ts';
import { StoreFile } from '../../src/store/store-file.ts';
import { spanIdOf, traceIdOf } from '../receiver/readable-span.ts';
import { records } from './records.ts';

const MIB = 1024 * 1024;
const [PATTERN] = records({ traceId: traceIdOf(1), spanId: spanIdOf(1) }) as [SpanRecord];

let folder: string;
let file: StoreFile;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longpole-blocks-'));
  file = new StoreFile(join(folder, 'traces.db'));
});

afterEach(() => {
  file.close();
  rmSync(folder, { recursive: true });
});

/** Blocks with traces of one span each, which know what every span must be. */
class Traces {
  readonly blocks: Blocks;
  readonly parts = new Map<number, Parts>();
  readonly #bodyBytes: number;
  readonly #save: (write: () => void) => void;

  constructor(shelf: Shelf, bodyBytes: number, save: (write: () => void) => void) {
    this.blocks = new Blocks(shelf);
    this.#bodyBytes = bodyBytes;
    this.#save = save;
  }

  bodyOf(trace: number): Buffer {
    return Buffer.alloc(this.#bodyBytes + (trace % 7), `${trace}-`);
  }

  /** Reserves the spans of one request, without settling. */
  reserve(traces: readonly number[]): [number, Parts][] {
    return traces.map((trace) => {
      const source = this.bodyOf(trace);
      const bytes = HEAD_BYTES + source.length;
      const { id, block, at } = this.blocks.reserve(bytes, trace);
      const span = { ...PATTERN, source, sourceStart: 0, sourceEnd: source.length };
      writeSpan(block, at, span, { trace, operation: 1, origin: 1 });
      return [trace, [id, at, bytes, 1]];
    });
  }

  add(...traces: number[]): void {
    const made = this.reserve(traces);
    this.#save(() => this.blocks.write());
    this.blocks.settle();
    for (const [trace, parts] of made) this.parts.set(trace, parts);
  }

  remove(trace: number): void {
    this.blocks.release(this.parts.get(trace) ?? []);
    this.parts.delete(trace);
  }

  clearSparse(): number {
    let cleared = 0;
    for (let block = this.blocks.tooSparse; block !== undefined; block = this.blocks.tooSparse) {
      this.blocks.clear(block, (trace) => this.parts.get(trace));
      cleared++;
    }
    return cleared;
  }

  /** The traces that are not as they were written. */
  get broken(): number[] {
    return [...this.parts].filter(([trace, parts]) => !this.#isWhole(trace, parts)).map(([trace]) => trace);
  }

  #isWhole(trace: number, parts: Parts): boolean {
    const spans = this.blocks.spansAt(parts, 0);
    const isFirst = spans.next() && spans.trace === trace && spans.body.equals(this.bodyOf(trace));
    return isFirst && !spans.next();
  }
}

const SHELVES: [string, () => Traces][] = [
  ['in memory', () => new Traces(new MemoryShelf(), 20_000, (write) => write())],
  ['in a file', () => new Traces(new FileShelf(file), 5_000, (write) => file.save(write))],
];

describe.each(SHELVES)('blocks %s', (_where, make) => {
  it('keep every trace as it was written while others come and go', () => {
    const traces = make();
    for (let trace = 1; trace <= 900; trace += 3) {
      traces.add(trace, trace + 1, trace + 2);
      if (trace > 30) traces.remove(trace - 29);
    }
    expect(traces.parts.size).toBe(900 - 290);
    expect(traces.broken).toEqual([]);
  });

  it('take nothing of what a request had reserved that is cancelled', () => {
    const traces = make();
    traces.add(1, 2);
    for (let again = 0; again < 20; again++) {
      traces.reserve(Array.from({ length: 30 }, (_, i) => 1_000 + i));
      traces.blocks.cancel();
      traces.add(3 + again);
    }
    expect(traces.parts.size).toBe(22);
    expect(traces.broken).toEqual([]);
    for (const trace of [...traces.parts.keys()]) traces.remove(trace);
    expect(traces.blocks.deadBytes).toBe(0);
  });

  it('are cleared when too much of them is out of use, and what is in use stays', () => {
    const traces = make();
    const count = traces.bodyOf(7).length === 20_000 ? 1_500 : 5_400;
    for (let trace = 1; trace <= count; trace += 6) {
      traces.add(...Array.from({ length: 6 }, (_, i) => trace + i));
    }
    // Of every block something stays, so that no block goes by itself.
    for (let trace = 1; trace <= count; trace++) if (trace % 3 !== 0) traces.remove(trace);
    expect(traces.blocks.deadBytes).toBeGreaterThan(12 * MIB);
    expect(traces.clearSparse()).toBeGreaterThan(10);
    expect(traces.blocks.deadBytes).toBeLessThan(10 * MIB);
    expect(traces.broken).toEqual([]);
    traces.add(count + 1);
    expect(traces.broken).toEqual([]);
  });
});

describe('a request that is larger than a block', () => {
  it('gets a block of its own', () => {
    const traces = new Traces(new MemoryShelf(), MIB, (write) => write());
    traces.add(1, 2);
    traces.remove(1);
    expect(traces.blocks.deadBytes).toBe(0);
    expect(traces.broken).toEqual([]);
  });
});
