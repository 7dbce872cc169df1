// The names that the spans of one request use, each looked up once.
import type { Catalog, OperationName } from './catalog.ts';
import type { Interned } from './interner.ts';
import type { Origin } from './span-record.ts';

/** One sender of a request: its names under their numbers. */
export class Sender {
  readonly service: Interned<string>;
  readonly origin: Interned<string>;
  readonly #catalog: Catalog;
  /** By kind, then by name. */
  readonly #operations: (Map<string, Interned<OperationName>> | undefined)[] = [];

  constructor(catalog: Catalog, { service, body }: Origin) {
    this.#catalog = catalog;
    this.service = catalog.services.intern(service);
    this.origin = catalog.origins.intern(Buffer.from(body).toString('latin1'));
  }

  operationOf(kind: number, name: string): Interned<OperationName> {
    this.#operations[kind] ??= new Map();
    const known = this.#operations[kind].get(name);
    if (known !== undefined) return known;
    const operation = this.#catalog.operations.intern({ service: this.service.id, kind, name });
    this.#operations[kind].set(name, operation);
    return operation;
  }
}

/** All senders of one request. */
export class Senders {
  readonly #catalog: Catalog;
  readonly #known = new Map<Origin, Sender>();

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  of(origin: Origin): Sender {
    const known = this.#known.get(origin);
    if (known !== undefined) return known;
    const sender = new Sender(this.#catalog, origin);
    this.#known.set(origin, sender);
    return sender;
  }
}
