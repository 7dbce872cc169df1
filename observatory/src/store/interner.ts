// Gives long, repeated values (names, resources) a small integer, and forgets those that no trace uses any more.

/** A value under its id. */
export interface Interned<V> {
  readonly id: number;
  readonly value: V;
  /** How often stored traces use it. */
  uses: number;
}

/** How an {@link Interner} keeps its rows in a file. */
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
  /** At the place of their ids, which are given anew; nothing has the id 0. */
  readonly #byId: (Interned<V> | undefined)[] = [undefined];
  readonly #freeIds: number[] = [];
  #unused = new Set<Interned<V>>();
  #bytes = 0;

  constructor(table: InternerTable<V>) {
    this.#table = table;
  }

  /** Memory and disk that all entries take, roughly. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes over a row that the file already has, lower numbers first; nothing uses it yet. */
  load(id: number, value: V): void {
    while (this.#byId.length < id) this.#freeIds.push(this.#byId.push(undefined) - 1);
    this.#unused.add(this.#add({ id, value, uses: 0 }));
  }

  /** The entry of a value, made when it is new. */
  intern(value: V): Interned<V> {
    const known = this.#byKey.get(this.#table.keyOf(value));
    if (known !== undefined) return known;
    const id = this.#freeIds.pop() ?? this.#byId.length;
    this.#table.insert(id, value);
    const entry = this.#add({ id, value, uses: 0 });
    this.#unused.add(entry);
    return entry;
  }

  find(value: V): Interned<V> | undefined {
    return this.#byKey.get(this.#table.keyOf(value));
  }

  get(id: number): Interned<V> | undefined {
    return this.#byId[id];
  }

  values(): Iterable<Interned<V>> {
    return this.#byKey.values();
  }

  /** The entry is used once more. */
  use(id: number): void {
    const entry = this.#byId[id];
    if (entry !== undefined) entry.uses++;
  }

  /** What used the entry once is gone. */
  release(id: number): void {
    const entry = this.#byId[id];
    if (entry === undefined) return;
    entry.uses--;
    if (entry.uses <= 0) this.#unused.add(entry);
  }

  /** Removes what nothing uses. */
  dropUnused(): void {
    if (this.#unused.size === 0) return;
    for (const entry of this.#unused) {
      if (entry.uses > 0) continue;
      const key = this.#table.keyOf(entry.value);
      this.#byKey.delete(key);
      this.#byId[entry.id] = undefined;
      this.#freeIds.push(entry.id);
      this.#bytes -= key.length * 2 + ENTRY_BYTES;
      this.#table.remove(entry.id);
    }
    this.#unused.clear();
  }

  #add(entry: Interned<V>): Interned<V> {
    const key = this.#table.keyOf(entry.value);
    this.#byKey.set(key, entry);
    this.#byId[entry.id] = entry;
    this.#bytes += key.length * 2 + ENTRY_BYTES;
    return entry;
  }
}
