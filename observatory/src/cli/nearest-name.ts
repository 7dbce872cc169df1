// Finds the names that somebody who misspelt one, or wrote a part of it, must have meant.
import { closestName, editDistance } from '../trace/nearest-name.ts';

/** How many letters may be wrong in a word for it to be a misspelling of another. */
function tolerance(word: string): number {
  return Math.max(2, Math.floor(word.length / 3));
}

/** How far a word is from a name: a part of the name is nearer than a misspelling of it. */
function distanceOf(word: string, name: string): number {
  if (word.length > 2 && name.toLowerCase().includes(word.toLowerCase())) return 0.5;
  return editDistance(word, name);
}

/** The name that is nearest to a misspelt word; `undefined` when none is near. */
export function nearestName(word: string, names: readonly string[]): string | undefined {
  const closest = closestName(word, names, distanceOf);
  return closest !== undefined && closest.distance <= tolerance(word) ? closest.name : undefined;
}

/** ` Did you mean "payment"?`, or the empty string when no name is near. */
export function didYouMean(word: string, names: readonly string[]): string {
  const near = nearestName(word, names);
  return near === undefined ? '' : ` Did you mean ${JSON.stringify(near)}?`;
}
