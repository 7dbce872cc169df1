// Flame graphs as folded stacks, the text format of Brendan Gregg's FlameGraph that most flame graph tools read.
import type { Flame, Frame } from './frame.ts';
import { frameText } from './frame-text.ts';

const NS_PER_US = 1_000n;

/** Semicolons part frames and line ends part stacks, so names cannot have them. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(';', '%3B')
    .replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ');
}

function fold(frame: Frame, below: string, lines: string[]): void {
  const stack = `${below}${escaped(frameText(frame))}`;
  const us = (frame.selfNs + NS_PER_US / 2n) / NS_PER_US;
  if (us > 0n) lines.push(`${stack} ${us}`);
  for (const child of frame.children) fold(child, `${stack};`, lines);
}

/**
 * A flame graph as folded stacks: a line for each stack of frames with time of its own, `gateway · POST
 * /api/checkout;payment · charge 2500000`, in microseconds. A semicolon in a name becomes `%3B`, a control character a space.
 * Ends with a line end; empty when there is no time.
 */
export function foldedStacks({ roots }: Flame): string {
  const lines: string[] = [];
  for (const root of roots) fold(root, '', lines);
  return lines.map((line) => `${line}\n`).join('');
}
