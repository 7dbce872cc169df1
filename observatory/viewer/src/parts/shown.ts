// Names from spans as they are shown: without control and direction characters, of bounded length.

// Controls, and the characters that turn the direction of what follows.
const UNPRINTABLE = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** The text with U+FFFD in place of what cannot be seen; longer than `limit` it is cut, with a mark. */
export function shown(text: string, limit = 200): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}…` : text;
  return cut === '' ? '(no name)' : cut.replace(UNPRINTABLE, '\uFFFD').toWellFormed();
}
