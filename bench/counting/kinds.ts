// Sorts functions by whose they are.

import { type Counts, combine, NOTHING } from './read-counts.ts';

/** In the order in which they are told. */
export const KINDS = ['Longpole', 'Express and axios', 'Node.js', 'V8', 'other'] as const;
export type Kind = (typeof KINDS)[number];

/** V8's compilers and its collector, which work in bursts and on threads of their own: not part of a request. */
const COMPILER =
  /compiler|turboshaft|maglev|Compilation|baseline::|Optimiz|interpreter|Register(Alloc|Conf)|LiveRange|BasicBlock|Sparkplug|BytecodeArray|ZoneMap|Zone::|SharedFunctionInfo|FeedbackNexus/;
const COLLECTOR =
  /Scaveng|heap::|Heap|IteratePointers|Mark|Sweep|Evacuat|IterateObjectCache|GlobalHandles|PageMetadata|SizeFromMap|Weak/;

/** `undefined` for work that belongs to no request. */
export function kindOf(name: string): Kind | undefined {
  if (name.startsWith('JS:')) {
    if (/(middleware|@longpole\/express)\/dist/.test(name)) return 'Longpole';
    return /node:/.test(name) ? 'Node.js' : 'Express and axios';
  }
  if (COMPILER.test(name) || COLLECTOR.test(name)) return undefined;
  if (name.startsWith('Builtins_') || name.startsWith('RegExp') || name.includes('v8::')) return 'V8';
  return name.includes('node::') ? 'Node.js' : 'other';
}

/** Of a request. */
export function countsByKind(byFunction: ReadonlyMap<string, Counts>): Map<Kind, Counts> {
  const byKind = new Map<Kind, Counts>(KINDS.map((kind) => [kind, NOTHING]));
  for (const [name, counts] of byFunction) {
    const kind = kindOf(name);
    if (kind !== undefined) byKind.set(kind, combine(byKind.get(kind) ?? NOTHING, counts));
  }
  return byKind;
}
