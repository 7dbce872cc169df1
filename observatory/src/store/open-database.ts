// Opens the SQLite database of the store, and refuses files that are not ours.
import { DatabaseSync } from 'node:sqlite';
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from './schema.ts';
import { StoreError } from './store-error.ts';

/** SQLite's primary result codes that say what is wrong with a file. */
const BUSY = 5;
const LOCKED = 6;
const NOT_A_DATABASE = 26;

/**
 * Bytes of a page in a new file. Most of what is written is blocks, which take a quarter less work in pages of this size than
 * in SQLite's own; larger ones would make the smallest request write more than they save on large ones.
 */
const PAGE_BYTES = 16_384;

/**
 * Pages of the journal that go into the database at once, 4 MiB: nothing else can happen meanwhile. SQLite's own number of
 * pages this large would take 20 ms.
 */
const CHECKPOINT_PAGES = 256;

function resultCode(cause: unknown): number {
  const { errcode } = cause as { errcode?: number };
  return (errcode ?? 0) & 0xff;
}

function openError(file: string, cause: unknown): unknown {
  if (cause instanceof StoreError) return cause;
  const code = resultCode(cause);
  const reason = (cause as Error).message;
  if (code === NOT_A_DATABASE) return foreignFile(file, reason, cause);
  if (code === BUSY || code === LOCKED) {
    return new StoreError(
      'ERR_LONGPOLE_STORE_LOCKED',
      `The trace store ${file} is in use by another process (${reason}). Stop that process, or give this one a file of its own.`,
      cause,
    );
  }
  return new StoreError(
    'ERR_LONGPOLE_STORE_OPEN',
    `The trace store ${file} cannot be opened: ${reason}. Check that its folder exists and that the file can be read and written.`,
    cause,
  );
}

function foreignFile(file: string, reason: string, cause?: unknown): StoreError {
  return new StoreError(
    'ERR_LONGPOLE_STORE_FOREIGN',
    `${file} is not a Longpole trace store (${reason}). It was left as it is: name another file, or a new one.`,
    cause,
  );
}

function readNumber(db: DatabaseSync, sql: string): number {
  const [value] = Object.values(db.prepare(sql).get() ?? {});
  return Number(value ?? 0);
}

function checkOrCreate(db: DatabaseSync, file: string): void {
  const application = readNumber(db, 'PRAGMA application_id');
  const version = readNumber(db, 'PRAGMA user_version');
  const tables = readNumber(db, 'SELECT count(*) FROM sqlite_schema');
  if (application === 0 && version === 0 && tables === 0) {
    db.exec(`BEGIN; ${SCHEMA} COMMIT;`);
    return;
  }
  if (application !== APPLICATION_ID) throw foreignFile(file, 'it is a SQLite database of something else');
  if (version !== SCHEMA_VERSION) {
    throw new StoreError(
      'ERR_LONGPOLE_STORE_VERSION',
      `${file} has version ${version} of the trace store, this Longpole reads version ${SCHEMA_VERSION}. Use the Longpole that wrote it, or name a new file.`,
    );
  }
}

/**
 * The store's database in `file`, which is made when it does not exist. It is held exclusively until it is closed, and
 * survives a crash of the process.
 * @throws StoreError when the file is foreign, of another version, in use, or cannot be opened.
 */
export function openDatabase(file: string): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file);
    db.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA locking_mode = EXCLUSIVE`);
    // Reading first tells a foreign file before the journal mode would write into it.
    readNumber(db, 'SELECT count(*) FROM sqlite_schema');
    checkOrCreate(db, file);
    db.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`,
    );
    db.exec('BEGIN EXCLUSIVE; COMMIT');
    return db;
  } catch (cause) {
    db?.close();
    throw openError(file, cause);
  }
}
