// The line on standard error that says how far a long read has come; it is gone when the read is over.
import { countText } from '../../trace/duration-text.ts';
import { cutTo } from '../fit-text.ts';
import { printable } from '../printable.ts';
import type { Terminal } from '../terminal.ts';
import { CLEAR_LINE } from './clear-progress.ts';

const FIRST_AFTER_MS = 500;
const AGAIN_AFTER_MS = 100;
const COLUMNS = 80;

interface Progress {
  readonly bytes?: number;
  readonly totalBytes?: number;
  readonly traces: number;
  readonly spans: number;
}

export interface ProgressLine {
  /** Shows how far the read has come, when standard error is a terminal and the read takes its time. */
  readonly show: (progress: Progress) => void;
  /** Takes the line away. */
  readonly clear: () => void;
}

/** `1.2 GB`, `340 MB`, `12 kB`. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}

function describe(name: string, { bytes, totalBytes, traces, spans }: Progress): string {
  const share = totalBytes !== undefined && totalBytes > 0 ? ` of ${bytesText(totalBytes)}` : '';
  const size = bytes === undefined ? [] : [`${bytesText(bytes)}${share}`];
  return `reading ${printable(name)}: ${[...size, countText(traces, 'trace'), countText(spans, 'span')].join(', ')}`;
}

/** A progress line for reading `name`; it writes nothing when standard error is no terminal. */
export function progressLine(name: string, terminal: Terminal): ProgressLine {
  const { stderr, clock, env } = terminal;
  if (stderr.isTTY !== true || env['TERM'] === 'dumb') {
    return { show: () => undefined, clear: () => undefined };
  }
  let nextAt = clock() + FIRST_AFTER_MS;
  let isShown = false;
  return {
    show: (progress) => {
      const now = clock();
      if (now < nextAt) return;
      nextAt = now + AGAIN_AFTER_MS;
      isShown = true;
      stderr.write(`${CLEAR_LINE}${cutTo(describe(name, progress), (stderr.columns ?? COLUMNS) - 1)}`);
    },
    clear: () => {
      if (isShown) stderr.write(CLEAR_LINE);
      isShown = false;
    },
  };
}
