// Keeps tracestate within its limits (W3C Trace Context level 2, "tracestate Limits").

import { countDrop } from './context-drops.ts';

/** Most members of a list. */
export const MAX_MEMBERS = 32;
/** Most characters of the header, commas included: what every participant has to be able to pass on. */
export const MAX_LENGTH = 512;
/** An entry longer than this goes first when the header is too long. */
const LARGE_ENTRY = 128;

/**
 * The members that fit, in their order. Whole entries go: beyond 32 members those at the end; beyond 512 characters
 * first the entries of more than 128 characters, then any, each time from the end.
 */
export function fitToLimits(members: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  if (members.size <= MAX_MEMBERS && headerLength(members) <= MAX_LENGTH) return members;
  const kept = new Map([...members].slice(0, MAX_MEMBERS));
  for (const isCandidate of [isLarge, () => true]) removeFromEnd(kept, isCandidate);
  countDrop('tracestate_entries_over_limit', members.size - kept.size);
  return kept;
}

function removeFromEnd(members: Map<string, string>, isCandidate: (size: number) => boolean): void {
  let length = headerLength(members);
  for (const [key, value] of [...members].reverse()) {
    if (length <= MAX_LENGTH) return;
    const size = entrySize(key, value);
    if (!isCandidate(size)) continue;
    members.delete(key);
    length -= size + 1;
  }
}

function headerLength(members: ReadonlyMap<string, string>): number {
  let length = members.size - 1;
  for (const [key, value] of members) length += entrySize(key, value);
  return length;
}

function entrySize(key: string, value: string): number {
  return key.length + 1 + value.length;
}

function isLarge(size: number): boolean {
  return size > LARGE_ENTRY;
}
