// The file of a store: its rows, and transactions that take in one request as a whole or not at all.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { openDatabase } from './open-database.ts';

/** A trace as its row has it; everything else about it is in its spans. */
export interface TraceRow {
  readonly id: number;
  readonly traceId: string;
}

/** A write that waits for the next transaction. */
type Pending = () => void;

interface Statements {
  readonly insertBlock: StatementSync;
  readonly replaceBlock: StatementSync;
  readonly readBlock: StatementSync;
  readonly removeBlock: StatementSync;
  readonly insertTrace: StatementSync;
  readonly removeTrace: StatementSync;
}

function prepare(db: DatabaseSync): Statements {
  return {
    insertBlock: db.prepare('INSERT INTO blocks (id, spans) VALUES (?, ?)'),
    replaceBlock: db.prepare('UPDATE blocks SET spans = ? WHERE id = ?'),
    readBlock: db.prepare('SELECT spans FROM blocks WHERE id = ?'),
    removeBlock: db.prepare('DELETE FROM blocks WHERE id = ?'),
    insertTrace: db.prepare('INSERT INTO traces (id, trace_id) VALUES (?, ?)'),
    removeTrace: db.prepare('DELETE FROM traces WHERE id = ?'),
  };
}

/**
 * What goes is deleted together with what comes next: until then the file has it still, which a process that opens the
 * file after a crash puts right by evicting it again.
 */
export class StoreFile {
  readonly db: DatabaseSync;
  readonly #statements: Statements;
  #removals: Pending[] = [];
  #additions: Pending[] = [];

  /** @throws StoreError when the file cannot be opened or is not a trace store. */
  constructor(path: string) {
    this.db = openDatabase(path);
    this.#statements = prepare(this.db);
  }

  /** With the next transaction, before anything is added. */
  remove(removal: Pending): void {
    this.#removals.push(removal);
  }

  /** With the next transaction. */
  add(addition: Pending): void {
    this.#additions.push(addition);
  }

  /** What was to be added is not to be. */
  cancel(): void {
    this.#additions = [];
  }

  removeTrace(id: number): void {
    this.#removals.push(() => this.#statements.removeTrace.run(id));
  }

  removeBlock(id: number): void {
    this.#removals.push(() => this.#statements.removeBlock.run(id));
  }

  /** Within a transaction. */
  replaceBlock(id: number, spans: Uint8Array): void {
    this.#statements.replaceBlock.run(spans, id);
  }

  /** Within a transaction. */
  insertBlock(id: number, spans: Uint8Array): void {
    this.#statements.insertBlock.run(id, spans);
  }

  /** Within a transaction. */
  insertTrace({ id, traceId }: TraceRow): void {
    this.#statements.insertTrace.run(id, traceId);
  }

  /** Does everything that waits, and then `write`; or nothing at all, and throws. */
  save(write: () => void): void {
    try {
      this.db.exec('BEGIN IMMEDIATE');
      for (const removal of this.#removals) removal();
      for (const addition of this.#additions) addition();
      write();
      this.db.exec('COMMIT');
      this.#removals = [];
      this.#additions = [];
    } finally {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
    }
  }

  readBlock(id: number): Uint8Array {
    const row = this.#statements.readBlock.get(id) as { spans: Uint8Array } | undefined;
    if (row === undefined) throw new Error(`There is no block ${id}.`);
    return row.spans;
  }

  /** The highest number of a block; 0 when there is none. */
  lastBlock(): number {
    const row = this.db.prepare('SELECT max(id) AS last FROM blocks').get() as { last: number | null };
    return row.last ?? 0;
  }

  /** All traces, the first begun first. */
  traces(): Iterable<TraceRow> {
    const rows = this.db.prepare('SELECT id, trace_id AS traceId FROM traces ORDER BY id');
    return rows.iterate() as Iterable<unknown> as Iterable<TraceRow>;
  }

  /** All blocks, in the order in which their spans have arrived. */
  blocks(): Iterable<{ id: number; spans: Uint8Array }> {
    const rows = this.db.prepare('SELECT id, spans FROM blocks ORDER BY id');
    return rows.iterate() as Iterable<unknown> as Iterable<{ id: number; spans: Uint8Array }>;
  }

  /** Closes the file as it is. */
  abandon(): void {
    this.#removals = [];
    this.close();
  }

  close(): void {
    if (!this.db.isOpen) return;
    try {
      if (this.#removals.length > 0) this.save(() => undefined);
    } catch {
      // The disk is full: what should be gone is evicted again when the file is opened next.
    }
    this.db.close();
  }
}
