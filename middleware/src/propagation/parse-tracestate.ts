// Reads the value of the tracestate header (W3C Trace Context level 2, "Tracestate Header").

import { countDrop } from './context-drops.ts';
import { endBeforeOws, skipOws } from './header-text.ts';
import { isKey, isValue } from './tracestate-grammar.ts';
import { fitToLimits, MAX_LENGTH, MAX_MEMBERS } from './tracestate-limits.ts';

const nothing: ReadonlyMap<string, string> = new Map();

/**
 * The members in their order, within the limits; several headers have been joined with commas before. Empty members
 * are skipped and of a repeated key the first, which is the latest, stays. One member against the grammar, or more than
 * 32 of them, and the whole header is dropped.
 */
export function parseTracestate(text: string): ReadonlyMap<string, string> {
  const members = new Map<string, string>();
  let count = 0;
  for (let start = 0; start <= text.length; ) {
    const comma = text.indexOf(',', start);
    const next = comma === -1 ? text.length : comma;
    const from = skipOws(text, start, next);
    const to = endBeforeOws(text, from, next);
    start = next + 1;
    if (from === to) continue;
    count += 1;
    if (count > MAX_MEMBERS) return drop('tracestate_too_many_members');
    if (!addMember(members, text, from, to)) return drop('tracestate_invalid');
  }
  countDrop('tracestate_duplicate_keys', count - members.size);
  return text.length <= MAX_LENGTH ? members : fitToLimits(members);
}

function addMember(members: Map<string, string>, text: string, from: number, to: number): boolean {
  const equals = text.indexOf('=', from);
  if (!isKey(text, from, equals) || !isValue(text, equals + 1, to)) return false;
  const key = text.slice(from, equals);
  if (!members.has(key)) members.set(key, text.slice(equals + 1, to));
  return true;
}

function drop(cause: 'tracestate_invalid' | 'tracestate_too_many_members'): ReadonlyMap<string, string> {
  countDrop(cause);
  return nothing;
}
