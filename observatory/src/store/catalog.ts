// The names in the store: services, their operations, and the origins of spans.
import { Interner } from './interner.ts';
import type { StoreFile } from './store-file.ts';

/** An operation: a span name of one service and kind. */
export interface OperationName {
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

type Value = string | number | Uint8Array;

interface Rows<V> {
  insert(id: number, value: V): void;
  remove(id: number): void;
}

/** The rows of one kind of name in the file, or nowhere. */
function rowsOf<V>(
  file: StoreFile | undefined,
  table: string,
  columns: readonly string[],
  valuesOf: (value: V) => Value[],
): Rows<V> {
  if (file === undefined) return { insert: () => undefined, remove: () => undefined };
  const places = columns.map(() => ', ?').join('');
  const insert = file.db.prepare(`INSERT INTO ${table} (id, ${columns.join(', ')}) VALUES (?${places})`);
  const remove = file.db.prepare(`DELETE FROM ${table} WHERE id = ?`);
  return {
    insert: (id, value) => file.add(() => insert.run(id, ...valuesOf(value))),
    remove: (id) => file.remove(() => remove.run(id)),
  };
}

/** A catalog without names, which writes those that come into the file, if there is one. */
function createCatalog(file: StoreFile | undefined): Catalog {
  return {
    services: new Interner<string>({
      keyOf: (name) => name,
      ...rowsOf<string>(file, 'services', ['name'], (name) => [name]),
    }),
    operations: new Interner<OperationName>({
      keyOf: ({ service, kind, name }) => `${service}/${kind}/${name}`,
      ...rowsOf<OperationName>(file, 'operations', ['service', 'kind', 'name'], ({ service, kind, name }) => [
        service,
        kind,
        name,
      ]),
    }),
    origins: new Interner<string>({
      keyOf: (body) => body,
      ...rowsOf<string>(file, 'origins', ['body'], (body) => [Buffer.from(body, 'latin1')]),
    }),
  };
}

/** The names that the file has; nothing uses them yet. */
export function loadCatalog(file: StoreFile | undefined): Catalog {
  const catalog = createCatalog(file);
  if (file === undefined) return catalog;
  const read = <Row>(table: string): Row[] =>
    file.db.prepare(`SELECT * FROM ${table} ORDER BY id`).all() as unknown as Row[];
  for (const { id, name } of read<{ id: number; name: string }>('services')) catalog.services.load(id, name);
  for (const { id, service, kind, name } of read<OperationName & { id: number }>('operations')) {
    catalog.operations.load(id, { service, kind, name });
  }
  for (const { id, body } of read<{ id: number; body: Uint8Array }>('origins')) {
    catalog.origins.load(id, Buffer.from(body).toString('latin1'));
  }
  return catalog;
}

/** Forgets services, operations and origins that no stored trace uses. */
export function dropUnusedNames({ services, operations, origins }: Catalog): void {
  services.dropUnused();
  operations.dropUnused();
  origins.dropUnused();
}
