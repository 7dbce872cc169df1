// Attributes as traits: single values where there are few, numbers where there are many, nothing for ids.
import type { AttributeMap, AttributeValue } from '../../trace/span.ts';
import type { Trait } from './route-stats.ts';

/** An attribute with more values than this is an id, a time or a measure: its single values are no traits. */
const MOST_VALUES = 50;
const LONGEST_TEXT = 100;
const MOST_ITEMS = 8;
/** Numbers of connections: what shares one was only sent one after the other. */
const OF_CONNECTIONS: ReadonlySet<string> = new Set(['network.peer.port', 'client.port']);
const MOST_KEYS = 200;
const MOST_TRAITS = 50_000;

/** Takes down what a trace has. */
export interface TraitSink {
  has(trait: number): void;
  measures(key: KeyEntry, value: number): void;
}

/** All traits, by their number, and all attributes that have any. */
export interface TraitRegister {
  readonly traits: Trait[];
  readonly keys: KeyEntry[];
}

/** Whose attributes they are: those of an operation, or of a service's resource when `operation` is `undefined`. */
export interface Owner {
  readonly service: string;
  readonly operation: string | undefined;
}

/** One attribute of an owner. */
export interface KeyEntry extends Owner {
  /** Its place among the register's `keys`. */
  readonly id: number;
  readonly key: string;
  /** Trait numbers by value; when there are too many values, of those that came first. */
  readonly values: Map<string | number | boolean, number>;
  /** `values` while single values are traits, `numbers` when there are too many and all are numbers, else `dropped`. */
  state: 'values' | 'numbers' | 'dropped';
}

function simpleValue(value: AttributeValue): string | number | boolean | undefined {
  if (typeof value === 'string') return value.length <= LONGEST_TEXT ? value : undefined;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'boolean' ? value : undefined;
}

function traitOf({ service, operation, key }: KeyEntry, value: string | number | boolean): Trait {
  const text = String(value);
  if (operation === undefined) return { kind: 'resource', service, operation, key, value: text };
  return { kind: 'attribute', service, operation, key, value: text };
}

/** The attributes of one owner; bounded in keys and values. */
export class AttributeValues {
  readonly #owner: Owner;
  readonly #register: TraitRegister;
  readonly #keys = new Map<string, KeyEntry>();

  constructor(owner: Owner, register: TraitRegister) {
    this.#owner = owner;
    this.#register = register;
  }

  note(attributes: AttributeMap, sink: TraitSink): void {
    for (const key of Object.keys(attributes)) {
      const entry = this.#keys.get(key) ?? this.#newKey(key);
      if (entry.state === 'dropped') continue;
      const value = attributes[key] as AttributeValue;
      if (!Array.isArray(value)) this.#noteValue(entry, value, sink);
      else for (const item of value.slice(0, MOST_ITEMS)) this.#noteValue(entry, item, sink);
    }
  }

  #newKey(key: string): KeyEntry {
    const { service, operation } = this.#owner;
    const isFull = this.#keys.size >= MOST_KEYS || OF_CONNECTIONS.has(key);
    const state = isFull ? 'dropped' : 'values';
    const id = this.#register.keys.length;
    const entry: KeyEntry = { id, service, operation, key, values: new Map(), state };
    if (isFull) return entry;
    this.#keys.set(key, entry);
    this.#register.keys.push(entry);
    return entry;
  }

  #noteValue(entry: KeyEntry, given: AttributeValue, sink: TraitSink): void {
    const value = simpleValue(given);
    if (value === undefined) return;
    if (entry.state === 'numbers') {
      if (typeof value === 'number') sink.measures(entry, value);
      return;
    }
    const trait = entry.values.get(value) ?? this.#newTrait(entry, value);
    if (trait === undefined) this.#overflow(entry, value, sink);
    else sink.has(trait);
  }

  /** `undefined` when there are too many already. */
  #newTrait(entry: KeyEntry, value: string | number | boolean): number | undefined {
    const { traits } = this.#register;
    if (entry.values.size >= MOST_VALUES || traits.length >= MOST_TRAITS) return undefined;
    const trait = traits.push(traitOf(entry, value)) - 1;
    entry.values.set(value, trait);
    return trait;
  }

  #overflow(entry: KeyEntry, value: string | number | boolean, sink: TraitSink): void {
    const allNumbers = [...entry.values.keys(), value].every((one) => typeof one === 'number');
    entry.state = allNumbers ? 'numbers' : 'dropped';
    if (typeof value === 'number' && allNumbers) sink.measures(entry, value);
  }
}
