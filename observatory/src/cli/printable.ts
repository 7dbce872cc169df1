// Makes text from spans, files and servers safe to print: what steers a terminal or hides in it is spelled out.

/**
 * Control characters (C0, C1, DEL), everything of category Format (bidirectional overrides, zero-width characters, soft
 * hyphens, tags), line separators, lone surrogates, and letters that draw nothing.
 */
const STEERING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|\u034f|\u115f|\u1160|\u17b4|\u17b5|\u2800|\u3164|\uffa0/gu;
const NAMES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function spell(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  const hex = point.toString(16);
  return NAMES[character] ?? (point < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`);
}

/** `text` on one line, with every character that is not plain text written as an escape: `\x1b`, `\u{202e}`. */
export function printable(text: string): string {
  return text.replace(STEERING, spell);
}

/** JSON text with the same characters as JSON escapes: it parses to the same value. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(STEERING, (character) => {
    if (character === '\n') return character;
    return [...Array(character.length).keys()]
      .map((i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`)
      .join('');
  });
}
