// Finds the name that somebody who misspelt it must have meant.

/** Letters to add, leave out or change to make `b` of `a`. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  a.split('').forEach((letter, i) => {
    const next = [i + 1];
    b.split('').forEach((other, j) => {
      const changed = (row[j] as number) + Number(letter !== other);
      next.push(Math.min(changed, (row[j + 1] as number) + 1, (next[j] as number) + 1));
    });
    row = next;
  });
  return row[b.length] as number;
}

/** The name spelt most like `word`, when one is near enough to be meant. */
export function nearestName(word: string, names: Iterable<string>): string | undefined {
  const most = Math.max(1, Math.floor(word.length / 3));
  const near = [...names]
    .map((name) => ({ name, distance: editDistance(word.toLowerCase(), name.toLowerCase()) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.name;
}
