// The known word that a misspelt one probably means.

/** Edits (insert, delete, replace) that lead from one word to another. */
function distance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [row, letter] of [...from].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...to].entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}

/** The one of `known` with the fewest edits from `word`, letter case aside. `known` is not empty. */
export function nearestWord(word: string, known: readonly string[]): string {
  const lower = word.slice(0, 100).toLowerCase();
  const ranked = known.map((one) => ({ one, edits: distance(lower, one.toLowerCase()) }));
  ranked.sort((a, b) => a.edits - b.edits);
  return ranked[0]?.one ?? '';
}
