// Everything the store knows: names, traces, links, the blocks with the spans, and the file when it has one.
import type { Blocks } from './blocks.ts';
import type { Catalog } from './catalog.ts';
import type { LinkIndex } from './link-index.ts';
import type { StoreFile } from './store-file.ts';
import type { TraceIndex } from './trace-index.ts';

export interface StoreState {
  readonly catalog: Catalog;
  readonly traces: TraceIndex;
  readonly links: LinkIndex;
  readonly blocks: Blocks;
  readonly file: StoreFile | undefined;
}

/** Bytes that the store takes: spans, traces and names. */
export function bytesOf({ traces, catalog }: StoreState): number {
  return traces.bytes + catalog.services.bytes + catalog.operations.bytes + catalog.origins.bytes;
}

/** Writes what was reserved in the blocks, and `more` with it, into the file if there is one: all of it or nothing. */
export function save({ blocks, file }: StoreState, more: (file: StoreFile) => void): void {
  if (file === undefined) blocks.write();
  else {
    file.save(() => {
      blocks.write();
      more(file);
    });
  }
}
