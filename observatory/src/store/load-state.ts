// What a store knows at its start: nothing in memory; in a file, what its names, traces and spans say.
import { Blocks } from './blocks.ts';
import { dropUnusedNames, loadCatalog } from './catalog.ts';
import { FileShelf } from './file-shelf.ts';
import { LINK_BYTES, LinkIndex } from './link-index.ts';
import { MemoryShelf } from './memory-shelf.ts';
import { useNames } from './name-uses.ts';
import { SpanDecoder } from './read-trace.ts';
import { type Block, HEAD_BYTES, SpanCursor, toBlock } from './span-bytes.ts';
import type { SpanCodec } from './span-record.ts';
import { StoreError } from './store-error.ts';
import { StoreFile } from './store-file.ts';
import type { StoreState } from './store-state.ts';
import type { TraceEntry } from './trace-entry.ts';
import { TraceIndex } from './trace-index.ts';

/** The part that is being read: its spans follow each other in the block. */
interface OpenPart {
  readonly entry: TraceEntry;
  readonly at: number;
  readonly service: number;
  readonly operations: number[];
  readonly origins: number[];
  end: number;
}

class BlockLoader {
  readonly #state: StoreState;
  readonly #decoder: SpanDecoder;
  #arrivals = 0;

  constructor(state: StoreState, codec: SpanCodec) {
    this.#state = state;
    this.#decoder = new SpanDecoder(state, codec);
  }

  /** Counts the spans of a block, which have arrived after those of the blocks before it. */
  load(id: number, block: Block): void {
    const spans = new SpanCursor(block, 0, block.bytes.length);
    let live = 0;
    this.#arrivals = Math.max(this.#arrivals, id - 1);
    let part: OpenPart | undefined;
    while (spans.next()) {
      this.#check(id, spans, block);
      this.#state.traces.skip(spans.trace);
      const entry = this.#state.traces.byId(spans.trace);
      if (entry === undefined) continue;
      if (entry !== part?.entry) this.#arrivals++;
      entry.arrival = this.#arrivals;
      live += spans.length;
      part = this.#extend(id, part, entry, spans);
      this.#count(entry, spans);
    }
    this.#endPart(id, part);
    this.#state.blocks.load(id, block.bytes.length, live);
  }

  #check(id: number, spans: SpanCursor, block: Block): void {
    const isWhole = spans.length >= HEAD_BYTES && spans.at + spans.length <= block.bytes.length;
    if (isWhole && (this.#hasNames(spans) || !this.#isStored(spans))) return;
    throw new Error(`block ${id} is damaged at byte ${spans.at}`);
  }

  #hasNames({ operation, origin }: SpanCursor): boolean {
    const { operations, origins } = this.#state.catalog;
    return operations.get(operation) !== undefined && origins.get(origin) !== undefined;
  }

  #isStored({ trace }: SpanCursor): boolean {
    return this.#state.traces.byId(trace) !== undefined;
  }

  #extend(id: number, part: OpenPart | undefined, entry: TraceEntry, spans: SpanCursor): OpenPart {
    const service = this.#state.catalog.operations.get(spans.operation)?.value.service ?? 0;
    const end = spans.at + spans.length;
    const isSame = part?.entry === entry && part.service === service && part.end === spans.at;
    if (!isSame) this.#endPart(id, part);
    const current = isSame ? part : { entry, at: spans.at, service, operations: [], origins: [], end };
    current.operations.push(spans.operation);
    current.origins.push(spans.origin);
    current.end = end;
    return current;
  }

  #endPart(id: number, part: OpenPart | undefined): void {
    if (part === undefined) return;
    const { traces, catalog } = this.#state;
    traces.addPart(part.entry, [id, part.at, part.end - part.at, part.service]);
    useNames(catalog, part.entry.names, part.operations, part.origins);
  }

  #count(entry: TraceEntry, spans: SpanCursor): void {
    const { traces, links } = this.#state;
    const targets = spans.hasLinks ? this.#decoder.decode(spans).links.map((link) => link.traceId) : [];
    traces.count(entry, spans, spans.operation, spans.length + targets.length * LINK_BYTES);
    links.add(entry, targets);
  }
}

function loadBlocks(state: StoreState, file: StoreFile, codec: SpanCodec): void {
  const loader = new BlockLoader(state, codec);
  for (const { id, spans } of file.blocks()) loader.load(id, toBlock(spans));
}

/** @throws when the file is damaged. */
function load(file: StoreFile | undefined, codec: SpanCodec): StoreState {
  const catalog = loadCatalog(file);
  const shelf = file === undefined ? new MemoryShelf() : new FileShelf(file);
  const state = {
    catalog,
    traces: new TraceIndex(),
    links: new LinkIndex(),
    blocks: new Blocks(shelf),
    file,
  };
  if (file === undefined) return state;
  for (const { id, traceId } of file.traces()) state.traces.load(id, traceId);
  loadBlocks(state, file, codec);
  state.traces.settle();
  dropUnusedNames(catalog);
  return state;
}

function damagedFile(path: string, cause: unknown): StoreError {
  return new StoreError(
    'ERR_LONGPOLE_STORE_OPEN',
    `The trace store ${path} cannot be read: ${(cause as Error).message}. It was left as it is: name a new file.`,
    cause,
  );
}

/**
 * The state of a store in a file, or in memory.
 * @throws StoreError when the file cannot be opened, is not a trace store, or is damaged.
 */
export function openState(path: string | undefined, codec: SpanCodec): StoreState {
  if (path === undefined) return load(undefined, codec);
  const file = new StoreFile(path);
  try {
    return load(file, codec);
  } catch (cause) {
    file.abandon();
    throw damagedFile(path, cause);
  }
}
