// Numbers of the command line: ports, counts and sizes in bytes.
import { UsageError } from './usage-error.ts';

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

/**
 * A whole number of at least `min` and at most `max`.
 * @param from What it was given as: a flag or a variable.
 */
export function parseCount(text: string, from: string, min: number, max: number): number {
  const count = Number(text.replaceAll('_', ''));
  if (text.trim() !== '' && Number.isInteger(count) && count >= min && count <= max) return count;
  throw new UsageError(`${from} ${text}: give a whole number from ${min} to ${max}.`);
}

/** Bytes, at least `minMib` MiB, from `1GiB`, `512 MB` or a plain number. */
export function parseBytes(text: string, from: string, minMib = 0): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?) *([a-z]*)$/i.exec(text.trim()) ?? [];
  const bytes = Math.floor(Number(number) * (UNITS[unit.toLowerCase()] ?? Number.NaN));
  if (bytes > 0 && bytes < minMib * 2 ** 20)
    throw new UsageError(`${from} ${text}: give at least ${minMib}MiB.`);
  if (number !== '' && Number.isSafeInteger(bytes) && bytes > 0) return bytes;
  throw new UsageError(`${from} ${text}: give a size such as 512MiB, 1GiB or a number of bytes.`);
}

/** A text that is not empty, such as the name of a file. */
export function parseText(text: string, from: string, what: string): string {
  if (text.trim() !== '') return text;
  throw new UsageError(`${from} ${JSON.stringify(text)}: give ${what}.`);
}
