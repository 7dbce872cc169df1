// The names in the store: services, their operations, and the origins of spans.
import type { DatabaseSync } from 'node:sqlite';
import { Interner } from './interner.ts';

/** An operation: a span name of one service and kind. */
interface OperationName {
  /** Id of the service. */
  readonly service: number;
  readonly kind: number;
  readonly name: string;
}

export interface Catalog {
  readonly services: Interner<string>;
  readonly operations: Interner<OperationName>;
  /** Bytes of resource and scope, one character a byte. */
  readonly origins: Interner<string>;
}

function createCatalog(db: DatabaseSync): Catalog {
  const insertService = db.prepare('INSERT INTO services (id, name) VALUES (?, ?)');
  const removeService = db.prepare('DELETE FROM services WHERE id = ?');
  const insertOperation = db.prepare('INSERT INTO operations (id, service, kind, name) VALUES (?, ?, ?, ?)');
  const removeOperation = db.prepare('DELETE FROM operations WHERE id = ?');
  const insertOrigin = db.prepare('INSERT INTO origins (id, body) VALUES (?, ?)');
  const removeOrigin = db.prepare('DELETE FROM origins WHERE id = ?');
  return {
    services: new Interner<string>({
      keyOf: (name) => name,
      insert: (id, name) => insertService.run(id, name),
      remove: (id) => removeService.run(id),
    }),
    operations: new Interner<OperationName>({
      keyOf: ({ service, kind, name }) => `${service}/${kind}/${name}`,
      insert: (id, { service, kind, name }) => insertOperation.run(id, service, kind, name),
      remove: (id) => removeOperation.run(id),
    }),
    origins: new Interner<string>({
      keyOf: (body) => body,
      insert: (id, body) => insertOrigin.run(id, Buffer.from(body, 'latin1')),
      remove: (id) => removeOrigin.run(id),
    }),
  };
}

function countSpans(db: DatabaseSync, column: 'service' | 'operation' | 'origin'): Map<number, number> {
  const rows = db
    .prepare(`SELECT ${column} AS id, count(*) AS spans FROM spans INDEXED BY spans_by_service GROUP BY 1`)
    .all() as { id: number; spans: number }[];
  return new Map(rows.map(({ id, spans }) => [id, spans]));
}

/** The catalog as the database has it. */
export function loadCatalog(db: DatabaseSync): Catalog {
  const catalog = createCatalog(db);
  const services = countSpans(db, 'service');
  for (const row of db.prepare('SELECT id, name FROM services').all() as { id: number; name: string }[]) {
    catalog.services.load(row.id, row.name, services.get(row.id) ?? 0);
  }
  const operations = countSpans(db, 'operation');
  const operationRows = db.prepare('SELECT id, service, kind, name FROM operations').all();
  for (const row of operationRows as unknown as (OperationName & { id: number })[]) {
    const { id, service, kind, name } = row;
    catalog.operations.load(id, { service, kind, name }, operations.get(id) ?? 0);
  }
  const origins = countSpans(db, 'origin');
  for (const row of db.prepare('SELECT id, body FROM origins').all() as { id: number; body: Uint8Array }[]) {
    catalog.origins.load(row.id, Buffer.from(row.body).toString('latin1'), origins.get(row.id) ?? 0);
  }
  return catalog;
}
