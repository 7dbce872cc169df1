// Writes the tables of docs/spans.md.

import type { ContractAttribute } from '../contract-attributes.ts';

const LEVELS = {
  required: 'required',
  conditional: 'when it applies',
  recommended: 'recommended',
  own: 'ours',
};

export function attributeTable(attributes: readonly ContractAttribute[]): string {
  const rows = attributes.map(({ key, level, when }) => `| \`${key}\` | ${LEVELS[level]} | ${when} |`);
  return ['| attribute | level | set |', '|---|---|---|', ...rows].join('\n');
}

export function shortfallTable(
  shortfalls: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>,
): string {
  const rows = Object.entries(shortfalls).flatMap(([group, scenarios]) =>
    Object.entries(scenarios).map(
      ([title, told]) => `| ${group} | ${title} | ${told.map(escaped).join('<br>')} |`,
    ),
  );
  return ['| | scenario | what the stock instrumentations give |', '|---|---|---|', ...rows].join('\n');
}

/** Puts a table between the two comments that mark its place. */
export function withTable(document: string, name: string, table: string): string {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`docs/spans.md has no place for the table "${name}"`);
  return `${document.slice(0, from + begin.length)}\n\n${table}\n\n${document.slice(to)}`;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}
