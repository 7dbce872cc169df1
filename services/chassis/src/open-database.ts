// Opens a service's SQLite database: a file in DATA_DIR, or memory that goes with the process.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EnvironmentError } from './environment.ts';

/** `dataDir` undefined means memory. Throws an EnvironmentError when the file can't be opened. */
export function openDatabase(name: string, dataDir: string | undefined, schema: string): DatabaseSync {
  const database = dataDir === undefined ? new DatabaseSync(':memory:') : openFile(name, dataDir);
  database.exec('PRAGMA foreign_keys = ON');
  database.exec(schema);
  return database;
}

function openFile(name: string, dataDir: string): DatabaseSync {
  const path = join(dataDir, `${name}.sqlite`);
  try {
    mkdirSync(dataDir, { recursive: true });
    const database = new DatabaseSync(path, { timeout: 5_000 });
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    return database;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EnvironmentError(
      `DATA_DIR=${JSON.stringify(dataDir)} can't hold ${name}.sqlite (${reason}). ` +
        'Set it to a folder this process may write to, or leave it out to keep the data in memory.',
      { cause },
    );
  }
}

/** Runs `change` in a transaction that takes the write lock at once: all of it happens, or nothing. */
export function inTransaction<T>(database: DatabaseSync, change: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = change();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}
