// Which traces have spans that link to a trace, stored or not.
import type { TraceEntry } from './trace-entry.ts';

/** Bytes that a link takes beside the span that has it, roughly. */
export const LINK_BYTES = 200;

export class LinkIndex {
  readonly #sources = new Map<string, Set<TraceEntry>>();
  readonly #targets = new Map<TraceEntry, Set<string>>();

  add(source: TraceEntry, targets: readonly string[]): void {
    if (targets.length === 0) return;
    const known = this.#targets.get(source) ?? new Set<string>();
    this.#targets.set(source, known);
    for (const target of targets) {
      known.add(target);
      const sources = this.#sources.get(target) ?? new Set<TraceEntry>();
      this.#sources.set(target, sources.add(source));
    }
  }

  /** The source is gone. */
  remove(source: TraceEntry): void {
    for (const target of this.#targets.get(source) ?? []) {
      const sources = this.#sources.get(target);
      sources?.delete(source);
      if (sources?.size === 0) this.#sources.delete(target);
    }
    this.#targets.delete(source);
  }

  /** Ids of other stored traces that link to this one, the last begun first. */
  sourcesOf(traceId: string, limit: number): string[] {
    return [...(this.#sources.get(traceId) ?? [])]
      .filter((source) => source.traceId !== traceId)
      .sort((a, b) => b.id - a.id)
      .slice(0, limit)
      .map((source) => source.traceId);
  }
}
