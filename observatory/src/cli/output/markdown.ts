// Markdown for comments on pull requests: names from spans are text in it, whatever they contain.
import { printable } from '../printable.ts';

/** Characters that mean nothing to Markdown, HTML, or to GitHub's and GitLab's references. */
const PLAIN = /[^\p{L}\p{N}\p{M} /·→…,;-]/gu;
/** What can start a mention or a reference: both sites leave it alone inside `<code>`. */
const REFERENCE = /^[@#!$%^~]$/;
const IN_SENTENCES = /[^\p{L}\p{N}\p{M} /·→…,;.:()"'’=+?≥≤–—×−%-]|%(?=[\p{L}\p{N}])|:(?=\S)|(?<=www)\./giu;

function entity(character: string): string {
  return `&#${character.codePointAt(0)};`;
}

/** Text without any meaning in Markdown or HTML: control characters are spelled out, the rest are entities. */
function inert(text: string): string {
  return printable(text).replace(PLAIN, entity);
}

/** A name as inline code: no pipe, backtick, tag or mention in it has a meaning. The empty name stays empty. */
export function codeText(text: string): string {
  return text === '' ? '' : `<code>${inert(text)}</code>`;
}

/** A sentence as plain text; a sign that could start a mention or a reference stands in code of its own. */
export function plainText(text: string): string {
  return printable(text).replace(IN_SENTENCES, (sign) => {
    return REFERENCE.test(sign) ? `<code>${entity(sign)}</code>` : entity(sign);
  });
}

/** A block of text as it is; its fence is longer than any run of backticks in it. */
export function fenced(text: string, language = ''): string {
  const runs = text.match(/`+/g) ?? [];
  const longest = Math.max(2, ...runs.map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n+$/, '')}\n${fence}`;
}

/** A column of a table: its title, and whether it holds numbers. */
export interface MarkdownColumn {
  readonly title: string;
  readonly isNumber?: boolean;
}

/** A table; the cells are Markdown already. */
export function markdownTable(
  columns: readonly MarkdownColumn[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = columns.map(({ isNumber }) => (isNumber === true ? '---:' : '---'));
  return [line(columns.map(({ title }) => title)), line(rule), ...rows.map(line)].join('\n');
}
