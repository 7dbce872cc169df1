// Markdown for pull requests: what comes from spans is text in it.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { codeText, fenced, markdownTable, plainText } from '../../src/cli/output/markdown.ts';

/** What a browser shows of our Markdown: tags gone, entities read. */
function shown(markdown: string): string {
  return markdown
    .replace(/<\/?code>/g, '')
    .replace(/&#(\d+);/g, (_, point: string) => String.fromCodePoint(Number(point)));
}

const HOSTILE = [
  'a|b',
  '`code`',
  '<img src=x onerror=alert(1)>',
  '@octocat please',
  '#1 !2 ~bug $3 %4 ^5 &6',
  '[click](javascript:alert(1))',
  '![i](http://x/y.png)',
  '**bold** _under_ ~~gone~~',
  'https://evil.example/ and www.evil.example',
  '&lt;script&gt; &amp;',
  '\\| \\` \\\\',
  ':tada:',
];

describe('a name', () => {
  test.each(HOSTILE)('%s is shown as it is, and has no meaning', (name) => {
    const cell = codeText(name);
    expect(shown(cell)).toBe(name);
    expect(cell.replace(/^<code>|<\/code>$/g, '').replace(/&#\d+;/g, '')).not.toMatch(
      /[|`<>@#[\]()*_~\\:!&$]/,
    );
  });

  test('without text is nothing', () => expect(codeText('')).toBe(''));

  test('of any characters keeps a table in its columns', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const rows = markdownTable(
          [{ title: 'name' }, { title: 'n', isNumber: true }],
          [[codeText(name), '1']],
        );
        expect(rows.split('\n')).toHaveLength(3);
        expect(rows.split('\n')[2]?.split('|')).toHaveLength(4);
      }),
    );
  });
});

describe('a sentence', () => {
  test.each(HOSTILE)('with %s in it is shown as it is', (name) => {
    const text = plainText(`the span ${name} holds it up: 3 ms of 4 ms (75 %)`);
    expect(shown(text)).toBe(`the span ${name} holds it up: 3 ms of 4 ms (75 %)`);
    expect(text).toContain(' holds it up: 3 ms of 4 ms (75 %)');
    expect(text.replace(/<code>&#\d+;<\/code>|&#\d+;/g, '')).not.toMatch(/[|`<>@#[\]*_~\\!&$]|:\/\/|www\./);
  });
});

describe('a block', () => {
  test('is not ended by backticks in it', () => {
    expect(fenced('a\n````\nb\n')).toBe('`````\na\n````\nb\n`````');
  });
});
