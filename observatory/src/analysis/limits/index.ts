/** Limits of `--fail-if`: what they mean and which ones are broken. */
export type { BrokenLimit, Limit, LimitOperator, LimitSubject } from './limit.ts';
export { LimitError } from './limit-error.ts';
