// The shape of a trace as text: what stays the same from run to run, without ids, times, ports and addresses.

import { isArrayOf, isBoolean, isOneOf } from '../../options/checks.ts';
import { type Check, parseOptions } from '../../options/parse-options.ts';
import type { CapturedTrace } from '../captured.ts';
import { isText } from '../matching/checks.ts';
import { viewOf } from '../view/trace-view.ts';
import { canonicalOrder } from './canonical-order.ts';
import { ShapeWriter } from './shape-writer.ts';

export interface ShapeOptions {
  /**
   * Attributes that are part of the shape: `true` for all, `false` for none, or their names. Defaults to those of the
   * application, which are all but the ones of the semantic conventions that a request has anyway.
   */
  readonly attributes?: boolean | readonly (string | RegExp)[];
  /** `'kept'`: calls one after the other stay in their order. `'any'`: siblings are sorted. Defaults to `'kept'`. */
  readonly order?: 'kept' | 'any';
}

const isAttributes: Check = (value) =>
  isBoolean(value) === undefined || isArrayOf(isText)(value) === undefined
    ? undefined
    : 'expected true, false or an array of names';
const checks: Record<string, Check> = { attributes: isAttributes, order: isOneOf('kept', 'any') };

/**
 * A line for each span: service, kind, name, outcome, attributes. Siblings that overlapped in time are sorted by their
 * text, because which of them comes first is chance.
 *
 * @throws LongpoleError `ERR_LONGPOLE_UNKNOWN_OPTION`, `ERR_LONGPOLE_INVALID_OPTION`
 */
export function shapeOf(trace: CapturedTrace, options?: ShapeOptions): string {
  parseOptions('toMatchTraceSnapshot()', options, checks);
  const view = viewOf(trace);
  const writer = new ShapeWriter(view, options?.attributes);
  return canonicalOrder(view, (node) => writer.line(node), options?.order ?? 'kept').join('\n');
}
