// Colours, where the output is a terminal that shows them and NO_COLOR does not forbid them.

import { styleText } from 'node:util';

export type Paint = 'red' | 'green' | 'yellow' | 'dim' | 'bold';

export function paint(how: Paint, text: string): string {
  return styleText(how, text, { stream: process.stderr });
}
