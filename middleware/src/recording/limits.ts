// How much one span may hold.

import type { SpanLimits } from '@opentelemetry/sdk-trace';
import { cut, MAX_ATTRIBUTE_LENGTH } from './text-limit.ts';

/** The limits of OpenTelemetry's trace SDK ("Span Limits"), each with its value, and how texts are cut. */
export interface Limits extends Readonly<Required<SpanLimits>> {
  /** The text at `attributeValueLengthLimit`. */
  readonly cut: (text: string) => string;
  /** Length that names and messages of statuses are cut at too. */
  readonly nameLengthLimit: number;
}

const DEFAULTS: Readonly<Required<SpanLimits>> = {
  attributeCountLimit: 128,
  attributeValueLengthLimit: Infinity,
  eventCountLimit: 128,
  linkCountLimit: 128,
  attributePerEventCountLimit: 128,
  attributePerLinkCountLimit: 128,
};

/**
 * What is asked for, with the SDK's defaults. Texts are cut at 4096 characters and marked; where a limit for their
 * length is asked for, they are cut there without a mark, as the specification wants it.
 */
export function limitsFrom(asked: SpanLimits = {}): Limits {
  const limits = { ...DEFAULTS, ...asked };
  const length = limits.attributeValueLengthLimit;
  if (Number.isFinite(length) && length > 0)
    return { ...limits, nameLengthLimit: Infinity, cut: (text) => text.slice(0, length) };
  return {
    ...limits,
    attributeValueLengthLimit: MAX_ATTRIBUTE_LENGTH,
    nameLengthLimit: MAX_ATTRIBUTE_LENGTH,
    cut: (text) => cut(text, MAX_ATTRIBUTE_LENGTH),
  };
}
