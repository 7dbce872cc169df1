// Items in the order of their last arrival, with the oldest at hand at any time.

/** What an item carries so that it can be moved to the end without a search. */
export interface Queued<T> {
  older: T | undefined;
  newer: T | undefined;
}

/**
 * A linked list. A `Map` keeps order too, but finding its first entry means stepping over all entries that were
 * deleted before it, which is what eviction does all the time.
 */
export class ArrivalList<T extends Queued<T>> {
  #oldest: T | undefined;
  #newest: T | undefined;

  get oldest(): T | undefined {
    return this.#oldest;
  }

  /** Adds an item that is not in the list as the newest. */
  push(item: T): void {
    item.older = this.#newest;
    item.newer = undefined;
    if (this.#newest === undefined) this.#oldest = item;
    else this.#newest.newer = item;
    this.#newest = item;
  }

  remove(item: T): void {
    if (item.older === undefined) this.#oldest = item.newer;
    else item.older.newer = item.newer;
    if (item.newer === undefined) this.#newest = item.older;
    else item.newer.older = item.older;
    item.older = undefined;
    item.newer = undefined;
  }

  /** The newest items, newest first. */
  *newestFirst(): Generator<T> {
    for (let item = this.#newest; item !== undefined; item = item.older) yield item;
  }
}
