// Finds the name that somebody who misspelt it must have meant.

/** ` Did you mean "latency"?`, or the list of what there is when nothing is near. */
export function suggest(word: string, names: readonly string[]): string {
  const scored = names.map((name) => ({ name, distance: editDistance(word.toLowerCase(), name) }));
  const best = scored.sort((a, b) => a.distance - b.distance)[0];
  const isNear = best !== undefined && best.distance <= Math.max(2, Math.floor(word.length / 3));
  return isNear ? `Did you mean ${JSON.stringify(best.name)}?` : `There are ${names.join(', ')}.`;
}

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
