// Gives long, repeated values (names, resources) a small integer, and forgets those that no span uses any more.

/** A value under its id. */
export interface Interned<V> {
  readonly id: number;
  readonly value: V;
  /** How many stored spans use it. */
  spans: number;
}

/** How an {@link Interner} keeps its rows in the database. */
export interface InternerTable<V> {
  /** The same text for the same value, and only for it. */
  keyOf(value: V): string;
  insert(id: number, value: V): void;
  remove(id: number): void;
}

/** Bytes that an entry takes beside its key: row, map entries, object. */
const ENTRY_BYTES = 300;

export class Interner<V> {
  readonly #table: InternerTable<V>;
  readonly #byKey = new Map<string, Interned<V>>();
  readonly #byId = new Map<number, Interned<V>>();
  #unused = new Set<Interned<V>>();
  #nextId = 1;
  #bytes = 0;

  constructor(table: InternerTable<V>) {
    this.#table = table;
  }

  /** Memory and disk that all entries take, roughly. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes over a row that the database already has. */
  load(id: number, value: V, spans: number): void {
    this.#add({ id, value, spans });
    this.#nextId = Math.max(this.#nextId, id + 1);
  }

  /** The entry of a value, made when it is new. */
  intern(value: V): Interned<V> {
    const known = this.#byKey.get(this.#table.keyOf(value));
    if (known !== undefined) return known;
    const entry: Interned<V> = { id: this.#nextId++, value, spans: 0 };
    this.#table.insert(entry.id, value);
    this.#add(entry);
    this.#unused.add(entry);
    return entry;
  }

  find(value: V): Interned<V> | undefined {
    return this.#byKey.get(this.#table.keyOf(value));
  }

  get(id: number): Interned<V> | undefined {
    return this.#byId.get(id);
  }

  values(): Iterable<Interned<V>> {
    return this.#byId.values();
  }

  /** One span that uses the entry is gone. */
  release(id: number): void {
    const entry = this.#byId.get(id);
    if (entry === undefined) return;
    entry.spans--;
    if (entry.spans <= 0) this.#unused.add(entry);
  }

  /** Removes what no span uses. */
  dropUnused(): void {
    for (const entry of this.#unused) {
      if (entry.spans > 0) continue;
      const key = this.#table.keyOf(entry.value);
      this.#byKey.delete(key);
      this.#byId.delete(entry.id);
      this.#bytes -= key.length * 2 + ENTRY_BYTES;
      this.#table.remove(entry.id);
    }
    this.#unused.clear();
  }

  #add(entry: Interned<V>): void {
    const key = this.#table.keyOf(entry.value);
    this.#byKey.set(key, entry);
    this.#byId.set(entry.id, entry);
    this.#bytes += key.length * 2 + ENTRY_BYTES;
  }
}
