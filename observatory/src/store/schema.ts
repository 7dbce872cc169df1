// The tables of the store. The version goes up with every change of them.

/** Marks a SQLite file as ours (`PRAGMA application_id`): "LPOL" in ASCII. */
export const APPLICATION_ID = 0x4c504f4c;

/** `PRAGMA user_version` of the tables below. */
export const SCHEMA_VERSION = 3;

/**
 * `blocks` has the spans of one request each, or some of them when they are many, as they lie in memory too; in
 * the order of their ids they have arrived. A trace is stored as long as it has a row: spans of others in a block count for
 * nothing. What is known of a trace besides is in its spans.
 */
export const SCHEMA: string = `
  CREATE TABLE traces (id INTEGER PRIMARY KEY, trace_id TEXT NOT NULL) STRICT;
  CREATE TABLE services (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
  CREATE TABLE operations (
    id INTEGER PRIMARY KEY,
    service INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    name TEXT NOT NULL
  ) STRICT;
  CREATE TABLE origins (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
  CREATE TABLE blocks (id INTEGER PRIMARY KEY, spans BLOB NOT NULL) STRICT;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`;
