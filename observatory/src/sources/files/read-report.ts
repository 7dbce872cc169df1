// What a read of a file tells while it goes on: how far it is, and everything it had to leave out.
import { groupedText } from '../../trace/duration-text.ts';
import type { DecodedSpans } from '../../wire/decoded-spans.ts';
import { SourceError } from '../source-error.ts';
import type { ReadEvents } from '../trace-source.ts';

/** Problems of one read that are told one by one; the rest is counted. */
const TOLD_ONE_BY_ONE = 3;

function plural(count: number, noun: string): string {
  return `${groupedText(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Collects the news of one read. Who does not listen to warnings gets a problem as the error that it is. */
export class ReadReport {
  readonly #name: string;
  readonly #events: ReadEvents;
  readonly #formats = new Map<string, number>();
  #bytes = 0;
  #totalBytes: number | undefined = 0;
  #problems = 0;
  #invalid = 0;
  traces = 0;
  spans = 0;
  /** Whether the pass that is going on sees what another pass tells about. */
  isQuiet = false;

  constructor(name: string, events: ReadEvents | undefined) {
    this.#name = name;
    this.#events = events ?? {};
  }

  /** A read of all bytes begins; of how many, where that is known. */
  begin(size: number | undefined): void {
    if (size === undefined || this.#totalBytes === undefined) this.#totalBytes = undefined;
    else this.#totalBytes += size;
  }

  advance(bytes: number): void {
    this.#bytes += bytes;
    this.#tell();
  }

  /** Pieces were read in this format. */
  decoded(format: string, { spans, invalid }: DecodedSpans): void {
    if (this.isQuiet) return;
    this.spans += spans.length;
    if (format !== '') this.#formats.set(format, (this.#formats.get(format) ?? 0) + 1);
    this.#invalid += invalid;
  }

  /**
   * A piece has to be left out.
   * @throws the error itself when nothing was readable before it, or nobody listens to warnings.
   */
  skip(error: unknown): void {
    if (this.isQuiet && error instanceof SourceError) return;
    const isFirst = this.#formats.size === 0;
    if (!(error instanceof SourceError) || isFirst || this.#events.onWarning === undefined) throw error;
    this.#problems += 1;
    if (this.#problems <= TOLD_ONE_BY_ONE) this.warn(`${error.message.replace(/\.$/, '')}; it was skipped.`);
  }

  warn(text: string): void {
    this.#events.onWarning?.(text);
  }

  finish(): void {
    const more = this.#problems - TOLD_ONE_BY_ONE;
    if (more > 0)
      this.warn(`${this.#name}: ${plural(more, 'more piece')} could not be read and were skipped.`);
    if (this.#invalid > 0) {
      const were = this.#invalid === 1 ? 'was' : 'were';
      this.warn(
        `${this.#name}: ${plural(this.#invalid, 'span')} without a valid id or time ${were} left out.`,
      );
    }
    if (this.#formats.size > 1) {
      const mix = [...this.#formats].map(([format, count]) => `${format} (${count})`).join(', ');
      this.warn(`${this.#name} mixes formats: ${mix}; all of them were read.`);
    }
    this.#tell();
  }

  #tell(): void {
    const { traces, spans } = this;
    const total = this.#totalBytes === undefined ? {} : { totalBytes: this.#totalBytes };
    this.#events.onProgress?.({ bytes: this.#bytes, ...total, traces, spans });
  }
}
