// Finds the name that somebody who misspelt it must have meant.

/** Longer words are compared up to here. */
const LONGEST = 200;

/** Letters to add, leave out or change to make one word of the other, letter case aside. */
export function editDistance(word: string, other: string): number {
  const [from, to] = [word, other].map((text) => [...text.slice(0, LONGEST).toLowerCase()]) as [
    string[],
    string[],
  ];
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (const [i, letter] of from.entries()) {
    const next = [i + 1];
    for (const [j, known] of to.entries()) {
      const changed = (row[j] as number) + Number(letter !== known);
      next.push(Math.min(changed, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    }
    row = next;
  }
  return row[to.length] as number;
}

/** A name and how far it is from a word. */
export interface Near {
  readonly name: string;
  readonly distance: number;
}

/** The name with the least distance from `word`, of equal ones the first; `undefined` when there are no names. */
export function closestName(
  word: string,
  names: Iterable<string>,
  distanceOf: (word: string, name: string) => number = editDistance,
): Near | undefined {
  let closest: Near | undefined;
  for (const name of names) {
    const distance = distanceOf(word, name);
    if (closest === undefined || distance < closest.distance) closest = { name, distance };
  }
  return closest;
}

/** The name spelt most like `word`, when one is near enough to be meant: a third of its letters may be wrong, or one. */
export function nearestName(word: string, names: Iterable<string>): string | undefined {
  const closest = closestName(word, names);
  const most = Math.max(1, Math.floor(word.length / 3));
  return closest !== undefined && closest.distance <= most ? closest.name : undefined;
}
