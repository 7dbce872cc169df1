// The traits seen so far, each once with a number: operations, their attributes by value, errors, repetitions.
import type { SpanNode } from '../../trace/node.ts';
import type { Span } from '../../trace/span.ts';
import { foldedOf } from '../folded.ts';
import { AttributeValues, type KeyEntry, type TraitRegister, type TraitSink } from './attribute-values.ts';
import type { Trait } from './route-stats.ts';

const MOST_OPERATIONS = 1_000;

/** From how many spans of one operation on a trace is said to repeat it. */
const REPETITIONS = [2, 5, 10, 20, 50, 100, 200, 500, 1_000];

/** One operation of one service. */
export interface OperationEntry {
  readonly service: string;
  readonly operation: string;
  readonly present: number;
  readonly failed: number;
  readonly attributes: AttributeValues;
  /** Trait numbers of "at least n times", by the place of n in `REPETITIONS`. */
  readonly repeated: number[];
  /** How often it ran in the trace that is being read; a folded run of spans counts as all of them. */
  count: number;
}

/** Numbers traits; bounded in operations, attributes and values, beyond which new ones are not looked at. */
export class TraitTable implements TraitRegister {
  /** By trait number. */
  readonly traits: Trait[] = [];
  readonly keys: KeyEntry[] = [];
  readonly #services = new Map<string, Map<string, OperationEntry>>();
  readonly #resources = new Map<string, AttributeValues>();
  #operations = 0;

  /** Takes down all that the spans of one trace have; returns their operations. */
  note(nodes: readonly SpanNode[], sink: TraitSink): OperationEntry[] {
    const operations: OperationEntry[] = [];
    const resources = new Set<Span['resource']>();
    for (const { span } of nodes) {
      if (!resources.has(span.resource)) this.#resourceOf(span.service).note(span.resource.attributes, sink);
      resources.add(span.resource);
      const entry = this.#operationOf(span);
      if (entry === undefined) continue;
      if (entry.count === 0) operations.push(entry);
      entry.count += foldedOf(span)?.count ?? 1;
      if (span.status.code === 'ERROR') sink.has(entry.failed);
      entry.attributes.note(span.attributes, sink);
    }
    for (const entry of operations) this.#noteOperation(entry, sink);
    return operations;
  }

  #noteOperation(entry: OperationEntry, sink: TraitSink): void {
    sink.has(entry.present);
    for (let i = 0; entry.count >= (REPETITIONS[i] ?? Number.POSITIVE_INFINITY); i++) {
      sink.has(this.#repeated(entry, i));
    }
    entry.count = 0;
  }

  #repeated(entry: OperationEntry, place: number): number {
    const { service, operation, repeated } = entry;
    const atLeast = REPETITIONS[place] as number;
    repeated[place] ??= this.traits.push({ kind: 'repeated', service, operation, atLeast }) - 1;
    return repeated[place];
  }

  #resourceOf(service: string): AttributeValues {
    const known = this.#resources.get(service);
    if (known !== undefined) return known;
    const values = new AttributeValues({ service, operation: undefined }, this);
    this.#resources.set(service, values);
    return values;
  }

  #operationOf({ service, name: operation }: Span): OperationEntry | undefined {
    let operations = this.#services.get(service);
    if (operations === undefined) {
      operations = new Map();
      this.#services.set(service, operations);
    }
    const known = operations.get(operation);
    if (known !== undefined || this.#operations >= MOST_OPERATIONS) return known;
    this.#operations += 1;
    const entry: OperationEntry = {
      service,
      operation,
      present: this.traits.push({ kind: 'operation', service, operation }) - 1,
      failed: this.traits.push({ kind: 'error', service, operation }) - 1,
      attributes: new AttributeValues({ service, operation }, this),
      repeated: [],
      count: 0,
    };
    operations.set(operation, entry);
    return entry;
  }
}
