// Keeps docs/spans.md true: its tables are those that the conformance suite checks.

import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CLIENT_ATTRIBUTES, SERVER_ATTRIBUTES } from './contract-attributes.ts';
import type { Place } from './harness/contract.ts';
import { attributeTable, shortfallTable, withTable } from './harness/tables.ts';
import { groups } from './scenarios/index.ts';
import { STOCK_SHORTFALLS } from './stock-shortfalls.ts';

const file = resolve(__dirname, '../../../docs/spans.md');
const place: Place = { port: 1, tlsPort: 2, upstreamPort: 3, upstreamTlsPort: 4, closedPort: 5 };
const scenarios = groups.flatMap((group) => group.scenarios.map((each) => ({ ...each, group: group.name })));
const spans = scenarios.flatMap((scenario) => scenario.spans(place));

function keysOf(kind: 'SERVER' | 'CLIENT'): string[] {
  const keys = spans.filter((span) => span.kind === kind).flatMap((span) => Object.keys(span.attributes));
  return [...new Set(keys)].sort();
}

describe('docs/spans.md', () => {
  it('has the tables of this suite (UPDATE_DOCS=1 writes them)', () => {
    const current = readFileSync(file, 'utf8');
    const tables: [string, string][] = [
      ['server attributes', attributeTable(SERVER_ATTRIBUTES)],
      ['client attributes', attributeTable(CLIENT_ATTRIBUTES)],
      ['stock shortfalls', shortfallTable(STOCK_SHORTFALLS)],
    ];
    const wanted = tables.reduce((text, [name, table]) => withTable(text, name, table), current);
    if (process.env.UPDATE_DOCS === '1') writeFileSync(file, wanted);
    expect(readFileSync(file, 'utf8')).toBe(wanted);
  });

  it.each([
    ['SERVER', SERVER_ATTRIBUTES],
    ['CLIENT', CLIENT_ATTRIBUTES],
  ] as const)('names every attribute of %s spans that a scenario shows, and no other', (kind, attributes) => {
    expect(attributes.map(({ key }) => key).sort()).toEqual(keysOf(kind));
  });

  it('names shortfalls of scenarios that exist only', () => {
    const titles = scenarios.map(({ group, title }) => `${group}: ${title}`);
    const named = Object.entries(STOCK_SHORTFALLS).flatMap(([group, each]) =>
      Object.keys(each).map((title) => `${group}: ${title}`),
    );
    expect(named.filter((title) => !titles.includes(title))).toEqual([]);
    expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([]);
  });
});
