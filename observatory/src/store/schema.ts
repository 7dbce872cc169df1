// The tables of the store. The version goes up with every change of them.

/** Marks a SQLite file as ours (`PRAGMA application_id`): "LPOL" in ASCII. */
export const APPLICATION_ID = 0x4c504f4c;

/** `PRAGMA user_version` of the tables below. */
export const SCHEMA_VERSION = 2;

/**
 * Spans are clustered by trace, so that a trace is read in one sweep and a duplicate is found where it would be
 * inserted. `links` has which traces (by number) lead to which (by id, stored or not). The index on spans answers searches by service and time without touching the spans themselves.
 */
export const SCHEMA: string = `
  CREATE TABLE traces (
    id INTEGER PRIMARY KEY,
    trace_id TEXT NOT NULL,
    arrival INTEGER NOT NULL,
    spans INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    head INTEGER NOT NULL,
    head_start INTEGER NOT NULL,
    head_is_root INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE services (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
  CREATE TABLE operations (
    id INTEGER PRIMARY KEY,
    service INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    name TEXT NOT NULL
  ) STRICT;
  CREATE TABLE origins (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
  CREATE TABLE spans (
    trace INTEGER NOT NULL,
    span INTEGER NOT NULL,
    service INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    parent INTEGER NOT NULL,
    operation INTEGER NOT NULL,
    origin INTEGER NOT NULL,
    start INTEGER NOT NULL,
    duration INTEGER NOT NULL,
    status INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (trace, span, service, kind)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE links (
    source INTEGER NOT NULL,
    target TEXT NOT NULL,
    PRIMARY KEY (source, target)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX links_by_target ON links (target, source);
  CREATE INDEX spans_by_service
    ON spans (service, start, trace, span, kind, operation, duration, status, origin);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`;
