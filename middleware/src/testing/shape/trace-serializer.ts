// How snapshots of Jest and Vitest show a trace and a shape: as the plain lines of the shape.

import type { CapturedTrace } from '../captured.ts';
import { isTrace } from '../matchers/given-trace.ts';
import { shapeOf } from './trace-shape.ts';

/** The text of a shape, for a snapshot that needs no quotes around it. */
export class ShapeText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** For `expect.addSnapshotSerializer()`: then `toMatchSnapshot()` and `toMatchInlineSnapshot()` take a trace too. */
export const traceSerializer: {
  test(value: unknown): boolean;
  serialize(value: CapturedTrace | ShapeText): string;
} = {
  test: (value) => value instanceof ShapeText || isTrace(value),
  serialize: (value) => (value instanceof ShapeText ? value.text : shapeOf(value)),
};
