// Finds the names that somebody who misspelt one must have meant.

/** Letters to add, leave out or change to make `b` of `a`. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** How many letters may be wrong in a word for it to be a misspelling of another. */
function tolerance(word: string): number {
  return Math.max(2, Math.floor(word.length / 3));
}

/** How far a word is from a name: a part of the name is nearer than a misspelling of it. */
function distanceOf(word: string, name: string): number {
  const [wanted, candidate] = [word.toLowerCase(), name.toLowerCase()];
  if (wanted.length > 2 && candidate.includes(wanted)) return 0.5;
  return editDistance(wanted, candidate);
}

/** The name that is nearest to a misspelt word; `undefined` when none is near. */
export function nearestName(word: string, names: readonly string[]): string | undefined {
  const scored = names.map((name) => ({
    name,
    distance: distanceOf(word.slice(0, 200), name.slice(0, 200)),
  }));
  const best = scored.sort((a, b) => a.distance - b.distance)[0];
  return best !== undefined && best.distance <= tolerance(word) ? best.name : undefined;
}

/** ` Did you mean "payment"?`, or the empty string when no name is near. */
export function didYouMean(word: string, names: readonly string[]): string {
  const near = nearestName(word, names);
  return near === undefined ? '' : ` Did you mean ${JSON.stringify(near)}?`;
}
