// Colours, or none.
import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Paints text in a style, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

/** A painter that paints, or one that does not. */
export function createPaint(isColored: boolean): Paint {
  if (!isColored) return (_, text) => text;
  return (style, text) => (text === '' ? '' : styleText(style, text, { validateStream: false }));
}
