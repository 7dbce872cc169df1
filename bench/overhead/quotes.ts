// Quotes rows of the tables that the other measurements have written.

/** The rows of the text's tables that match, each below the head of its table. */
export function quoteTables(text: string, wanted: RegExp): string[] {
  const tables: string[] = [];
  let lines: string[] = [];
  const endTable = (): void => {
    const [head, line, ...rows] = lines;
    const quoted = rows.filter((row) => wanted.test(row));
    if (quoted.length > 0) tables.push([head, line, ...quoted].join('\n'));
    lines = [];
  };
  for (const line of text.split('\n')) {
    if (line.startsWith('|')) lines.push(line);
    else endTable();
  }
  endTable();
  return tables;
}

/** The rows of a table of targets, which end with whether each is met. */
export function quoteTargets(text: string): string[] {
  return text.split('\n').filter((line) => /^\|.*\| *\**(not )?met\** *\|$/.test(line));
}
